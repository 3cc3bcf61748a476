import Kernel

/// What is wrong with a field, for who fills in a form: the sentences of issues are English and speak of JSON. What nobody put into
/// words yet is said as the program says it.
enum IssueWords {
  static func sentence(_ issue: Issue, _ reader: Reader) -> String {
    guard let words = words(issue) else { return issue.message }
    return reader(words)
  }

  private static func words(_ issue: Issue) -> LocalText? {
    issue.code == "out_of_range" ? range(issue.message) : usual[issue.code]
  }

  private static let usual: [String: LocalText] = [
    "missing": LocalText(ru: "Заполните это поле", en: "Fill this in"),
    "empty": LocalText(ru: "Заполните это поле", en: "Fill this in"),
    "too_long": LocalText(ru: "Слишком длинно: не больше \(Limits.name) знаков", en: "Too long: at most \(Limits.name) characters"),
    "too_many": LocalText(ru: "Слишком много значений", en: "These are too many values"),
    "not_a_decimal": LocalText(
      ru: "Здесь нужно число, дробная часть через точку или запятую", en: "A number is expected here, like 12.50"),
    "not_an_integer": LocalText(ru: "Здесь нужно целое число", en: "A whole number is expected here"),
    "bounds_crossed": LocalText(ru: "Конец раньше начала", en: "The end comes before the beginning"),
    "empty_window": LocalText(
      ru: "Начало и конец совпадают: в это время продаж не бывает", en: "Both are the same time, between which nothing is sold"),
    "no_bounds": LocalText(ru: "Укажите хотя бы одну границу", en: "Give at least one bound"),
    "not_an_instant": LocalText(ru: "Здесь нужны дата и время", en: "A day and a time are expected here"),
    "not_a_time": LocalText(ru: "Нужно время, например 04:00", en: "A time is expected, for example 04:00"),
    "not_a_number": LocalText(ru: "Нужно число, например 12,50", en: "A number is expected, for example 12.50"),
    "not_a_code": LocalText(
      ru: "Код – от 1 до \(Limits.code) байт, без пробелов по краям",
      en: "A code has 1 to \(Limits.code) bytes and no spaces around it"),
    "not_a_zone": LocalText(ru: "Часовой пояс пишется как Europe/Moscow", en: "A time zone is written like Europe/Moscow"),
    "taken": LocalText(ru: "Такое название уже есть", en: "This name is taken"),
    "code_taken": LocalText(ru: "Такой код уже есть", en: "This code is taken"),
    "barcode_taken": LocalText(ru: "Этот штрихкод уже у другого товара", en: "These bars stand on another product"),
    "not_a_barcode": LocalText(
      ru: "Здесь не штрихкод: 8, 12, 13 или 14 цифр с верной контрольной, или свой номер из 3–7 цифр",
      en: "This is no barcode: 8, 12, 13 or 14 digits with the right check digit, or a number of your own of 3 to 7"),
    "not_a_place": LocalText(
      ru: "Нужны широта и долгота: 55.753930, 37.620795", en: "Latitude and longitude are expected: 55.753930, 37.620795"),
    "not_a_tax_number": LocalText(
      ru: "Здесь не ИНН: 10 или 12 цифр с верными контрольными", en: "This is no INN: 10 or 12 digits with their check digits"),
    "not_attributes": LocalText(ru: "По одному признаку на строке: имя = значение", en: "One attribute on each line: name = value"),
    "circle": LocalText(ru: "Категория оказалась бы выше самой себя", en: "The category would stand above itself"),
    "too_deep": LocalText(ru: "Не глубже \(Limits.categoryDepth) уровней", en: "At most \(Limits.categoryDepth) levels deep"),
    "not_a_day": LocalText(ru: "Здесь нужна дата", en: "A day is expected here"),
    "two_names": LocalText(ru: "У этого дня уже другое название", en: "This day has another name already"),
    "wrong_limit": LocalText(
      ru: "Этот предел ничего не значит для такой выгоды. Оставьте пустым",
      en: "This limit says nothing about such a benefit. Leave it empty"),
    "wrong_stage": LocalText(ru: "Для такой выгоды этот шаг не подходит", en: "This step does not suit such a benefit"),
    "unknown_group": LocalText(ru: "Такой группы нет в настройках программы", en: "The programme's settings list no such group"),
    "unknown_name": LocalText(ru: "Такого кода нет", en: "There is no such code"),
    "unknown_code": LocalText(ru: "Такого кода нет", en: "There is no such code"),
    "unknown_word": LocalText(ru: "Выберите одно из предложенного", en: "Choose one of the list"),
    "unknown_zone": LocalText(
      ru: "Такого часового пояса нет. Они называются как Europe/Moscow",
      en: "There is no such time zone. They are named like Europe/Moscow"),
    "repeated": LocalText(ru: "Повторяется", en: "This stands here twice"),
    "contradiction": LocalText(
      ru: "Спорит с другим полем: первый предел больше второго",
      en: "Contradicts another field: the first limit is above the second"),
    "not_a_range": LocalText(
      ru: "Первый и последний номер: от 4 до 20 цифр, поровну и по порядку",
      en: "First and last: 4 to 20 digits, equally many, in this order"),
    "not_a_calling_code": LocalText(ru: "Код страны: от одной до трёх цифр", en: "A calling code has one to three digits"),
    "not_one_case": LocalText(ru: "Заполните, что получает покупатель", en: "Fill in what the shopper gets"),
    "unknown_activation": LocalText(ru: "Укажите, когда баллы активны", en: "Say when points become active"),
    "unknown_life": LocalText(ru: "Укажите, сколько живут баллы", en: "Say how long points live"),
    "series_unfit": LocalText(
      ru: "Нет такой открытой серии с длинными кодами (у сертификата – этого номинала и без ПИН)",
      en: "There is no such open series with long codes (of certificates: of this worth, without a PIN)"),
    "chances_above_whole": LocalText(ru: "Все шансы вместе больше 100 %", en: "All chances together are above 100 %"),
    "odds_too_fine": LocalText(
      ru: "Шанс хранится в миллионных долях: такую редкость не передать, возьмите круглее, например 50 000",
      en: "Chances are kept in millionths, which cannot say this; take a rounder number, like 50,000"),
    "find_unknown": LocalText(ru: "Находки с таким кодом в охоте нет", en: "The hunt has no find with this code"),
    "nowhere_hidden": LocalText(
      ru: "Находки нигде не спрятаны: выберите чеки или страницы", en: "Nothing is hidden anywhere: choose receipts or pages"),
    "pages_unlimited": LocalText(
      ru: "Для страниц укажите, сколько поисков в день есть у одного", en: "Pages need a number of searches a day for one member"),
    "nothing_to_win": LocalText(ru: "Выберите, что даёт коллекция", en: "Choose what the collection gives"),
    "below_given": LocalText(ru: "Меньше, чем уже выдано", en: "Less than was given already"),
    "duplicate": LocalText(ru: "Этот код уже есть", en: "This code stands here twice"),
    "not_a_find": LocalText(ru: "У находки должны быть код и редкость", en: "A find has a code and its odds"),
    "consolation_thing": LocalText(ru: "Вещь кончается, а утешение – нет", en: "A thing runs out, a consolation never does"),
    "incomplete": LocalText(ru: "Заполните все формы слова", en: "Fill in every form of the word"),
  ]

  /// The two numbers of the sentence, where it has them.
  private static func range(_ message: String) -> LocalText {
    let numbers = message.matches(of: /[0-9]+(?:\.[0-9]+)?/).map { String($0.output) }
    guard numbers.count >= 2 else { return LocalText(ru: "Число вне допустимых границ", en: "The number is out of bounds") }
    return LocalText(
      ru: "Допустимо от \(numbers[0]) до \(numbers[1])", en: "From \(numbers[0]) to \(numbers[1]) is expected here")
  }
}
