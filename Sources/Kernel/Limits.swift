/// The largest and longest of everything that comes from outside or repeats. One list, so that nothing is unbounded by oversight.
public enum Limits {
  /// Largest amount of money, points or quantity in one value, in smallest units: 10¹⁵. A thousand of them still fit 64 bits.
  public static var amount: Int64 { 1_000_000_000_000_000 }
  /// Largest amount of one line and of one basket, in minor units: 10¹². Times a rate in ppm it still fits 64 bits.
  public static var basketAmount: Int64 { 1_000_000_000_000 }
  /// Largest quantity of one line, in thousandths.
  public static var quantity: Int64 { 1_000_000_000 }
  /// Lines of one basket.
  public static var lines: Int { 1_000 }
  /// Bytes of one request body.
  public static var body: Int { 256 * 1024 }
  /// Receipts of one batch from a till that had no network.
  public static var batch: Int { 500 }
  /// Bytes up to which our own till fills such a batch; what is around the receipts fits in the rest of a body.
  public static var batchBytes: Int { 240 * 1000 }
  /// Bytes of one file that is sent through the console, and of one piece in which it is kept.
  public static var upload: Int64 { 256 * 1024 * 1024 }
  public static var uploadPiece: Int { 1024 * 1024 }
  /// Files of one account that are kept at a time, and days after which one that nobody touched is forgotten.
  public static var uploads: Int { 100 }
  public static var uploadDays: Int { 7 }
  /// Actions that one programme rewards, charities that it gives to, and days around a birthday.
  public static var rewardedActions: Int { 50 }
  public static var charities: Int { 50 }
  public static var birthdayDays: Int64 { 60 }
  /// Points for one member that wait for somebody's word at a time.
  public static var goodwillRequests: Int { 5 }
  /// Limits of one programme that alert or stop, and who is blocked or stopped in it at a time, as tills have it in memory.
  public static var guardLimits: Int { 50 }
  public static var guardBlocks: Int { 10_000 }
  /// Business days that figures of cashiers, tills and members are kept, and those of who came to whom.
  public static var guardDays: Int { 400 }
  public static var guardPairDays: Int { 100 }
  /// Days that tens of minutes are kept: a till without a network brings its receipts within these.
  public static var guardSlotDays: Int64 { 3 }
  /// Rows that one report of unusual subjects reads of one store, and in all.
  public static var guardRows: Int { 5_000 }
  /// Rows of one list that is taken away as a file, and facts of one kind in a member's export.
  public static var exportRows: Int { 5_000 }
  /// Bytes of refused records that are taken away at once.
  public static var exportBytes: Int { 64 * 1024 * 1024 }
  /// Bytes of one rules file, catalogue lists included.
  public static var rulesFile: Int { 64 * 1024 * 1024 }
  /// Depth of nesting in JSON.
  public static var jsonDepth: Int { 64 }
  /// Coupons presented with one basket.
  public static var coupons: Int { 20 }
  /// Tenders of one receipt.
  public static var tenders: Int { 20 }
  /// Series of coupons of one programme, and codes of one batch.
  public static var couponSeries: Int { 10_000 }
  public static var couponBatch: Int64 { 10_000_000 }
  /// Largest worth of one certificate, in minor units: a million roubles.
  public static var certificate: Int64 { 100_000_000 }
  /// How many possible codes stand behind each one that is issued, at the least: a guess is wrong at least so often.
  public static var couponOdds: Int64 { 10_000 }
  /// Promotions whose reasons one answer carries (every presented coupon is answered besides).
  public static var reasons: Int { 20 }
  /// Points of the points-or-money trade-off in one answer.
  public static var tradeOff: Int { 16 }
  /// Candidates up to which mutual exclusion is solved exactly.
  public static var exactExclusion: Int { 12 }
  /// Promotions in one rule book.
  public static var promotions: Int { 10_000 }
  /// Stores of one pilot, single tills of it, and members of it.
  public static var pilotPlaces: Int { 1_000 }
  public static var pilotMembers: Int { 200 }
  /// Conditions in one promotion, nested ones counted.
  public static var conditions: Int { 200 }
  /// Different sums over earlier receipts that one rule book asks for: each is brought up to date with every sale.
  public static var accumulators: Int { 200 }
  /// Regions or cities in one condition.
  public static var places: Int { 1_000 }
  /// Holidays of one programme.
  public static var holidays: Int { 1_000 }
  public static var holidayName: Int { 60 }
  /// Stamp cards of one programme, stamps that fill one, and days of stamps that a wallet keeps apart on one.
  public static var stampCards: Int { 50 }
  public static var stamps: Int64 { 100 }
  public static var stampDays: Int { 64 }
  /// Categories that a programme offers as favourites.
  public static var favourites: Int { 60 }
  /// Times that a member's consents are given or withdrawn.
  public static var consents: Int { 200 }
  /// Texts of consents that a programme keeps, and letters of one in one language.
  public static var consentTexts: Int { 500 }
  public static var consentText: Int { 20_000 }
  /// Days for which it is remembered when members came into segments and left them.
  public static var segmentMoveDays: Int { 400 }
  /// Offers that a member has activated at a time, those that ended lately included.
  public static var activatedOffers: Int { 50 }
  /// Steps of one staircase, and groups of goods in one bundle.
  public static var steps: Int { 20 }
  public static var bundleParts: Int { 8 }
  /// Gifts of one list to choose from, gifts chosen from it and told by a till, and goods of one gift that are named to the till.
  public static var gifts: Int { 20 }
  public static var giftGoods: Int { 50 }
  /// Values in one condition's list (products of a promotion, for example).
  public static var listValues: Int { 100_000 }
  /// Pages of one price list, zones of one page, and cells of all pages together, empty ones counted: 2,000 products in 40 zones are 80,000.
  public static var pricePages: Int { 60 }
  public static var priceZones: Int { 200 }
  public static var priceCells: Int { 400_000 }
  /// Bytes of a code that comes from an outside system: of a product, a store, a member.
  public static var code: Int { 64 }
  /// Rows of one bulk verb; an import sends chunk after chunk.
  public static var bulk: Int { 1_000 }
  /// Products of one account that are held in memory for the tills.
  public static var products: Int { 2_000_000 }
  /// Characters of a name, a title or a reason.
  public static var name: Int { 200 }
  /// Characters of a text shown to people.
  public static var text: Int { 4_000 }
  /// Custom attributes of a product or a member.
  public static var attributes: Int { 64 }
  /// Lots of a wallet; beyond, the oldest of equal expiry coalesce.
  public static var lots: Int { 1_000 }
  /// Origins that one coalesced lot remembers; older ones are forgotten.
  public static var lotShares: Int { 1_000 }
  /// Differences that an audit lists; more are counted.
  public static var differences: Int { 1_000 }
  /// How far ahead a hold may end.
  public static var holdLength: Span { .days(30) }
  /// Holds of a wallet at one time.
  public static var holds: Int { 50 }
  /// Tiers of one programme.
  public static var tiers: Int { 50 }
  /// Plans of subscriptions of one programme, goods that one is sold as, and purchases of one member that are looked at.
  public static var subscriptionPlans: Int { 20 }
  public static var subscriptionProducts: Int { 50 }
  public static var subscriptionPeriods: Int { 1_000 }
  /// Privileges of one tier.
  public static var privileges: Int { 20 }
  /// Segments of one account.
  public static var segments: Int { 10_000 }
  /// Members who are in a computed segment, or out of it, because somebody said so; lines of a list of members that is typed or uploaded.
  public static var segmentChoices: Int { 100_000 }
  public static var memberList: Int { 100_000 }
  /// Days whose sizes of a segment are kept.
  public static var segmentDays: Int { 730 }
  /// Characters of a note or a task about a member, notes of one member, and tasks about one that are not done.
  public static var note: Int { 2_000 }
  public static var notes: Int { 200 }
  public static var openTasks: Int { 50 }
  /// Receipts, the latest of a year, by which a member's favourite store and categories are told.
  public static var habitReceipts: Int { 300 }
  /// Identifiers of one member.
  public static var identifiers: Int { 20 }
  /// Members that one other stands for.
  public static var merged: Int { 20 }
  /// Members of one household, and invitations to one that wait for an answer.
  public static var household: Int { 10 }
  public static var householdInvitations: Int { 10 }
  /// Barcodes of one product.
  public static var barcodes: Int { 50 }
  /// Categories of one account.
  public static var categories: Int { 100_000 }
  /// Depth of the category tree.
  public static var categoryDepth: Int { 12 }
  /// Rows of one page of a list.
  public static var page: Int { 200 }
  /// Receipts that one search by time looks through.
  public static var searchedReceipts: Int { 20_000 }
  /// Registers whose keys one search by time visits.
  public static var searchedRegisters: Int { 200 }
  /// Issues reported for one input; the rest are counted.
  public static var issues: Int { 100 }
  /// How far a till's clock may be ahead where it says when a receipt was cancelled.
  public static var tillClock: Span { .hours(24) }
  /// Promotions with budgets of stores whose stores the overview looks through for the fullest, and rows that it reads of them.
  public static var storeBudgets: Int { 20 }
  public static var budgetRows: Int { 10_000 }
  /// Returns of one receipt that wait for it, and days for which they do; a sale that comes later finds them no more.
  public static var waitingReturns: Int { 1_000 }
  public static var waitingReturnDays: Int { 60 }
  /// Returns counted when somebody asks how many wait for too long; more are "at least so many".
  public static var countedReturns: Int { 1_000 }
  /// Days a request key is kept.
  public static var requestKeyDays: Int { 35 }
  /// Closures in one commit of the embedded database.
  public static var commitGroup: Int { 64 }
  /// Repetitions of a transaction that the database asked to repeat.
  public static var transactionRetries: Int { 8 }
  /// Bytes of one workbook, and of one sheet of prices as text: both are held in memory.
  public static var workbook: Int { 64 * 1024 * 1024 }
  public static var priceSheet: Int { 32 * 1024 * 1024 }
  /// Parts of a workbook, bytes of one of them unpacked, and how many times smaller it may be packed.
  public static var workbookParts: Int { 2_000 }
  public static var workbookPart: Int { 256 * 1024 * 1024 }
  public static var workbookRatio: Int { 300 }
  /// Columns of a table file.
  public static var tableColumns: Int { 1_000 }
  /// Bytes of one field and of one record of a table file; beyond a record, a quote was left open.
  public static var tableField: Int { 64 * 1024 }
  public static var tableRecord: Int { 1024 * 1024 }
  /// Bytes of records that belong together (the lines of a receipt).
  public static var tableGroup: Int { 16 * 1024 * 1024 }
  /// Bytes of one mapping file of an import.
  public static var mappingFile: Int { 1024 * 1024 }
  /// Receipts that a till may list when it closes a shift, and that we list in return.
  public static var shiftReceipts: Int { 10_000 }
  /// Keys of our own that one shift is looked up by; no till prints so many receipts between two closings.
  public static var shiftKeys: Int { 50_000 }
  /// Dates that the receipts of one shift may carry.
  public static var shiftDates: Int { 7 }
  /// Days that the board of stores shows at a time.
  public static var boardDays: Int { 62 }
  /// Stores on one page of the board.
  public static var boardStores: Int { 50 }
  /// Bytes of what a job is to do, as JSON.
  public static var jobBody: Int { 64 * 1024 }
  /// Jobs that one instance has under way.
  public static var jobsAtOnce: Int { 8 }
  /// How long a claimed job, or a webhook that is being served, stays with an instance that says nothing more.
  public static var claim: Span { .minutes(5) }
  /// How long a relay or a scheduled piece of work stays with an instance that says nothing more.
  public static var workLease: Span { .seconds(60) }
  /// Days an event can be read in the stream.
  public static var eventDays: Int { 35 }
  /// Events counted when somebody asks how many wait for their position; more are "at least so many".
  public static var countedEvents: Int { 10_000 }
  /// Webhooks of one account.
  public static var webhooks: Int { 10 }
  /// Bytes of a webhook's address.
  public static var webhookURL: Int { 2_000 }
  /// Bytes read of what a webhook's server answers; the rest is not waited for.
  public static var webhookAnswer: Int { 16 * 1024 }
  /// How long a webhook's server may take, from resolving its name to the end of its answer.
  public static var webhookWait: Span { .seconds(5) }
  /// Attempts to deliver one event to one webhook, and how long after its fan-out the last of them may be.
  public static var webhookAttempts: Int { 20 }
  public static var webhookDays: Int { 3 }
  /// Failures in a row after which a webhook that has not succeeded for a day is paused.
  public static var webhookFailures: Int { 20 }
  /// Webhooks that one instance sends to at a time, and deliveries of one before others get their turn.
  public static var webhooksAtOnce: Int { 16 }
  public static var webhookTurn: Int { 50 }
  /// How long a mail server may take to be reached, and to take one letter.
  public static var mailConnect: Span { .seconds(10) }
  public static var mailWait: Span { .seconds(30) }
  /// Days a delivery that has come to its end is kept to be looked at and replayed.
  public static var deliveryDays: Int { 14 }
  /// Pages that listen to what happens: of one session, and of all that one instance serves.
  public static var listenersOfSession: Int { 4 }
  public static var listeners: Int { 500 }
  /// Bytes of one line of a log of another system's answers.
  public static var shadowLine: Int { 1024 * 1024 }
  /// Receipts of such a log that rounding profiles are tried on.
  public static var shadowSample: Int { 2_000 }
  /// Differing receipts that are explained by recalculation; of more, only what is quick is tried.
  public static var shadowProofs: Int { 20_000 }
  /// Worked examples in one report.
  public static var shadowExamples: Int { 100 }
  /// Bytes of one answer that the till in the terminal reads.
  public static var tillAnswer: Int { 8 * 1024 * 1024 }
  /// Games of one programme.
  public static var games: Int { 1_000 }
  /// Prizes of one game besides the consolation.
  public static var prizes: Int { 12 }
  /// Collections of one hunt, and the pages, or beginnings of pages, that it hides finds on.
  public static var collections: Int { 12 }
  public static var huntPages: Int { 20 }
  /// Of one find in one collection, and how often one member completes it.
  public static var findsNeeded: Int64 { 100 }
  /// Turns of one hunt that one receipt plays at once; more stay with the member.
  public static var huntDraws: Int { 20 }
  /// Turns that one receipt, or one gift by hand, brings.
  public static var turns: Int64 { 1_000 }
  /// Saved reports of one programme, those in the archive included; schedules of one report; people whom one schedule writes to.
  public static var savedReports: Int { 1_000 }
  /// Formulas of one programme, those in the archive included.
  public static var formulas: Int { 200 }
  /// Dashboards of one programme, those in the archive included, and tiles of one.
  public static var dashboards: Int { 500 }
  public static var tiles: Int { 24 }
  public static var reportSchedules: Int { 20 }
  public static var reportReaders: Int { 50 }
  /// Addresses and domains outside the staff that an account allows.
  public static var outsideAddresses: Int { 200 }
  /// Days that the sendings of a report are kept to be looked at.
  public static var sendingDays: Int { 180 }
  /// Bytes of what is attached to one letter; a larger table is left out, and the letter says so.
  public static var attachment: Int { 8 * 1024 * 1024 }
  /// Bytes of a published log of draws that is checked: some ten million draws.
  public static var gameLog: Int { 1024 * 1024 * 1024 }
  /// Fields of members that an account defines, dictionaries they choose from, values of a dictionary, and those of one field.
  public static var memberFields: Int { 200 }
  public static var dictionaries: Int { 200 }
  public static var dictionaryValues: Int { 10_000 }
  public static var fieldValues: Int { 50 }
  /// Bytes of a file of a dictionary's values.
  public static var dictionaryFile: Int { 4 * 1024 * 1024 }
  /// Members of one bulk action, and how many a single person changes without anybody else's word.
  public static var bulkMembers: Int { 5_000_000 }
  public static var bulkAlone: Int64 { 10_000 }
  /// Members shown of a bulk action before it is confirmed; days after which it has to be counted anew.
  public static var bulkSample: Int { 20 }
  public static var bulkDays: Int64 { 3 }
}
