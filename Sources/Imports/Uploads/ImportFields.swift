import Kernel

extension ImportForm {
  /// What a form asks for. Mapping files know more: attributes, sums, trees of categories.
  static func fields(of kind: ImportKind) -> [ImportField] {
    switch kind {
    case .members: members
    case .catalogue: products
    case .stores: stores
    case .certificates: certificates
    case .events: events
    case .receipts, .prices: []
    }
  }

  /// Kinds that a form is there for: receipts bring lines, which a form of columns cannot say enough of.
  public static var kinds: [ImportKind] { [.members, .catalogue, .stores, .certificates, .events] }

  private static let members = [
    ImportField(
      "code", "Код участника", "Member's code",
      ["код", "id", "номерклиента", "кодклиента", "клиент", "externalid", "внешнийкод", "guid"],
      isRequired: true,
      hint: LocalText(
        ru: "По нему участника узнают при повторной загрузке. Нет своего кода – возьмите карту или телефон",
        en: "Tells members apart when a file comes again. Without a code of your own take the card or the telephone")),
    ImportField(
      "joinedAt", "Вступил", "Joined",
      [
        "дата регистрации", "дата вступления", "дата создания", "дата выдачи", "registered", "registration", "created", "signup",
        "joined",
      ],
      isRequired: true, .day),
    ImportField("phone", "Телефон", "Telephone", ["телефон", "мобильный", "сотовый", "phone", "mobile", "tel", "номертелефона"]),
    ImportField("email", "Почта", "E-mail", ["почта", "email", "e-mail", "эл почта", "mail"]),
    ImportField("cards", "Карта", "Card", ["карта", "номер карты", "card", "cardnumber", "штрихкод карты", "card no"]),
    ImportField(
      "fullName", "ФИО одним столбцом", "Full name in one column",
      ["фио", "фио клиента", "фио покупателя", "полное имя", "fullname", "full name", "customer name"],
      hint: LocalText(
        ru: "Фамилия, имя, отчество через пробел; отдельные столбцы важнее",
        en: "Family name, given name, patronymic; columns of their own come first")),
    ImportField("familyName", "Фамилия", "Family name", ["фамилия", "lastname", "surname"]),
    ImportField("givenName", "Имя", "Given name", ["имя", "firstname", "name", "givenname"]),
    ImportField("patronymic", "Отчество", "Patronymic", ["отчество", "middlename", "secondname"]),
    ImportField(
      "birthday", "День рождения", "Birthday", ["дата рождения", "день рождения", "др", "birthday", "birthdate", "dob"], .day),
    ImportField("sex", "Пол", "Sex", ["пол", "sex", "gender"], .words(sexes)),
    ImportField("city", "Город", "City", ["город", "city", "town"]),
    ImportField(
      "kind", "Вид", "Kind", ["вид", "тип клиента", "kind", "type"],
      hint: LocalText(ru: "Без него все – покупатели", en: "Without it everybody is a person"), .words(kindWords)),
    ImportField("joinedIn", "Код магазина", "Store's code", ["магазин", "код магазина", "store", "shop"]),
    ImportField(
      "opening.points", "Баллы на начало", "Opening points",
      ["баллы", "бонусы", "баланс", "остаток", "points", "balance", "bonus"],
      hint: LocalText(ru: "Начисляются один раз, сколько бы раз файл ни пришёл", en: "Given once, however often the file comes"),
      .figure),
    ImportField(
      "opening.until", "Сгорают", "Points expire", ["сгорают", "срок баллов", "срок действия", "validto", "expires"], .day),
    ImportField("statusPoints", "Очки статуса", "Status points", ["очки статуса", "статусные баллы", "statuspoints"], .figure),
  ]

  private static let products = [
    ImportField(
      "code", "Код товара", "Product's code", ["код", "артикул", "sku", "id", "кодтовара", "product", "productid"], isRequired: true
    ),
    ImportField(
      "name", "Название", "Name", ["название", "наименование", "товар", "name", "title", "description"], isRequired: true),
    ImportField("category", "Категория", "Category", ["категория", "группа", "category", "department", "group"]),
    ImportField("brand", "Марка", "Brand", ["марка", "бренд", "brand"]),
    ImportField("manufacturer", "Изготовитель", "Manufacturer", ["изготовитель", "производитель", "manufacturer", "maker"]),
    ImportField("unit", "Единица", "Unit", ["единица", "ед", "единицаизмерения", "unit"], .words(units)),
    ImportField("barcodes", "Штрихкод", "Barcode", ["штрихкод", "шк", "barcode", "ean", "gtin"]),
    ImportField("price", "Цена", "Price", ["цена", "price", "розничная цена"], .figure),
    ImportField("cost", "Себестоимость", "Cost", ["себестоимость", "закупка", "cost"], .figure),
    ImportField("vat", "НДС, %", "VAT, %", ["ндс", "vat", "tax"], .figure),
    ImportField(
      "since", "Цены с", "Prices from", ["дата цены", "since", "действует с"],
      hint: LocalText(ru: "Нужна, если есть цена, себестоимость или НДС", en: "Needed where there is a price, a cost or VAT"), .day),
    ImportField("minPrice", "Минимальная цена", "Lowest price", ["минимальная цена", "мрц", "minprice"], .figure),
    ImportField("minAge", "Возраст", "Age", ["возраст", "minage"], .figure),
  ]

  private static let certificates = [
    ImportField(
      "code", "Код сертификата", "Certificate's code",
      ["код", "сертификат", "номерсертификата", "номер", "code", "certificate", "card", "giftcard", "number"], isRequired: true),
    ImportField(
      "series", "Код серии", "The series' code", ["серия", "вид", "номинал", "series", "kind", "type"], isRequired: true,
      hint: LocalText(ru: "Серия уже должна быть в программе, без ПИН", en: "The series must be there already, one without PINs")),
    ImportField(
      "balance", "Остаток", "Balance", ["остаток", "баланс", "сумма", "balance", "amount", "left"], isRequired: true,
      hint: LocalText(ru: "Сколько на нём осталось; ничего – 0", en: "What is left on it; nothing is 0"), .figure),
    ImportField(
      "until", "Действует до", "Good until", ["действует до", "срок", "срок действия", "until", "validto", "expires"],
      hint: LocalText(
        ru: "Последний день; без него – как у новых в серии", en: "The last day; without it as new ones of the series"),
      .day),
    ImportField("soldAt", "Продан", "Sold", ["продан", "дата продажи", "активирован", "sold", "activated"], .day),
  ]

  private static let events = [
    ImportField(
      "at", "Когда", "When", ["время", "дата", "датавремя", "time", "timestamp", "date", "datetime", "eventtime"], isRequired: true,
      .day),
    ImportField(
      "event", "Событие", "Event", ["событие", "тип события", "eventtype", "eventname", "type", "action"], isRequired: true,
      hint: LocalText(
        ru:
          "pageView, productView, search, cartAdd, cartRemove, checkout, order, click, open, signUp, appOpen или своё с x- в начале",
        en:
          "pageView, productView, search, cartAdd, cartRemove, checkout, order, click, open, signUp, appOpen, or your own beginning with x-"
      ),
      .words(eventWords)),
    ImportField("visitor", "Посетитель", "Visitor", ["посетитель", "visitorid", "clientid", "deviceid", "anonymousid", "cookie"]),
    ImportField(
      "member", "Участник", "Member", ["участник", "карта", "телефон", "memberid", "userid", "card", "phone"],
      hint: LocalText(
        ru: "Номер карты, телефон, почта, свой код; без посетителя обязателен",
        en: "A card, telephone, e-mail or code of yours; needed where there is no visitor")),
    ImportField(
      "key", "Ключ", "Key", ["ключ", "eventid", "id", "messageid"],
      hint: LocalText(
        ru: "По нему событие узнают при повторной загрузке; без него – по всем столбцам",
        en: "Tells events apart when a file comes again; without it all columns together do")),
    ImportField("session", "Сессия", "Session", ["сессия", "sessionid", "visitid"]),
    ImportField("page", "Страница", "Page", ["страница", "url", "path", "pageurl", "pagepath"]),
    ImportField("product", "Код товара", "Product's code", ["товар", "артикул", "sku", "productid", "productcode"]),
    ImportField("quantity", "Количество", "Quantity", ["количество", "qty"], .figure),
    ImportField("amount", "Сумма", "Amount", ["сумма", "value", "revenue", "price"], .figure),
    ImportField("receipt", "Чек", "Receipt", ["чек", "receiptkey"]),
    ImportField("source", "Источник (utm_source)", "Source (utm_source)", ["источник", "utmsource"]),
    ImportField("medium", "Тип (utm_medium)", "Medium (utm_medium)", ["канал трафика", "utmmedium"]),
    ImportField("campaign", "Кампания (utm_campaign)", "Campaign (utm_campaign)", ["кампания", "utmcampaign"]),
    ImportField("content", "utm_content", "utm_content", ["utmcontent"]),
    ImportField("term", "utm_term", "utm_term", ["utmterm"]),
    ImportField("referrer", "Откуда перешёл", "Referrer", ["реферер", "referer", "referrerhost"]),
    ImportField("channel", "Канал: site, app", "Channel: site, app", ["канал", "platform"]),
    ImportField("brand", "Вывеска", "Brand", ["вывеска", "бренд"]),
  ]

  private static let stores = [
    ImportField("code", "Код магазина", "Store's code", ["код", "id", "store", "shop", "storeid", "магазин"], isRequired: true),
    ImportField("name", "Название", "Name", ["название", "наименование", "name", "title"]),
    ImportField("brand", "Вывеска", "Brand", ["вывеска", "бренд", "сеть", "brand"], isRequired: true),
    ImportField("legalEntity", "Юрлицо", "Legal entity", ["юрлицо", "организация", "legalentity", "company"], isRequired: true),
    ImportField("zone", "Часовой пояс", "Time zone", ["часовой пояс", "пояс", "timezone", "tz"], isRequired: true, .words(zones)),
    ImportField("region", "Область", "Region", ["область", "регион", "region", "state"]),
    ImportField("city", "Город", "City", ["город", "city", "town"]),
    ImportField("street", "Улица, дом", "Street", ["улица", "адрес", "street", "address"]),
    ImportField("priceZone", "Ценовая зона", "Price zone", ["ценовая зона", "pricezone"]),
    ImportField("dayStart", "Начало дня", "Day begins", ["начало дня", "daystart"]),
    ImportField("format", "Формат", "Format", ["формат", "формат магазина", "тип магазина", "format", "storeformat"]),
  ]

  private static func words(_ lists: [(String, [String])]) -> [String: String] {
    var words: [String: String] = [:]
    for (meaning, names) in lists {
      for name in names {
        words[name] = meaning
        words[name.uppercased()] = meaning
        words[name.prefix(1).uppercased() + name.dropFirst()] = meaning
      }
    }
    return words
  }

  private static let sexes = words([
    ("female", ["ж", "жен", "жен.", "женский", "f", "female", "woman"]),
    ("male", ["м", "муж", "муж.", "мужской", "m", "male", "man"]),
  ])
  private static let eventWords = words([
    ("pageView", ["просмотр страницы", "page_view", "pageview", "page view"]),
    ("productView", ["просмотр товара", "product_view", "view_item", "product viewed", "productview"]),
    ("search", ["поиск"]), ("cartAdd", ["в корзину", "add_to_cart", "cart_add", "product added"]),
    ("cartRemove", ["из корзины", "remove_from_cart", "cart_remove", "product removed"]),
    ("checkout", ["оформление", "begin_checkout", "checkout started"]), ("order", ["заказ", "purchase", "order completed"]),
    ("click", ["клик", "переход"]), ("open", ["открытие"]), ("signUp", ["регистрация", "sign_up", "signed up"]),
    ("appOpen", ["запуск", "app_open", "session_start"]),
  ])
  private static let kindWords = words([
    ("person", ["покупатель", "физлицо", "клиент", "person"]), ("employee", ["сотрудник", "работник", "employee", "staff"]),
    ("company", ["компания", "юрлицо", "организация", "company"]), ("anonymous", ["анонимная", "без анкеты", "anonymous"]),
    ("test", ["тест", "тестовый", "test"]),
  ])
  private static let units = words([
    ("piece", ["шт", "шт.", "штука", "pc", "pcs", "piece"]), ("kilogram", ["кг", "кг.", "килограмм", "kg"]),
    ("gram", ["г", "г.", "гр", "g"]), ("litre", ["л", "л.", "литр", "l"]), ("millilitre", ["мл", "ml"]),
    ("metre", ["м", "м.", "m"]),
    ("hour", ["ч", "час", "hour"]), ("portion", ["порц", "порция", "portion"]),
  ])
  private static let zones = words([
    ("Europe/Moscow", ["мск", "москва", "msk"]), ("Europe/Kaliningrad", ["калининград"]), ("Europe/Samara", ["самара"]),
    ("Asia/Yekaterinburg", ["екб", "екатеринбург"]), ("Asia/Novosibirsk", ["новосибирск"]), ("Asia/Vladivostok", ["владивосток"]),
  ])
}
