/// What has an id. The tags live on the ground floor so that a pure engine can name a product without knowing a catalogue.
public enum Entity {
  public enum Account: Identified { public static var prefix: String { "acc" } }
  public enum LegalEntity: Identified { public static var prefix: String { "ent" } }
  public enum Brand: Identified { public static var prefix: String { "brd" } }
  public enum Store: Identified { public static var prefix: String { "sto" } }
  public enum Register: Identified { public static var prefix: String { "reg" } }
  public enum Programme: Identified { public static var prefix: String { "prg" } }
  public enum Partner: Identified { public static var prefix: String { "par" } }
  public enum Member: Identified { public static var prefix: String { "mem" } }
  public enum Person: Identified { public static var prefix: String { "per" } }
  public enum Household: Identified { public static var prefix: String { "hou" } }
  public enum HouseholdStay: Identified { public static var prefix: String { "hst" } }
  public enum Product: Identified { public static var prefix: String { "pro" } }
  public enum Category: Identified { public static var prefix: String { "cat" } }
  public enum ProductBrand: Identified { public static var prefix: String { "pbr" } }
  public enum Manufacturer: Identified { public static var prefix: String { "man" } }
  public enum Promotion: Identified { public static var prefix: String { "prm" } }
  public enum Pilot: Identified { public static var prefix: String { "plt" } }
  public enum RuleBook: Identified { public static var prefix: String { "rbk" } }
  public enum CouponSeries: Identified { public static var prefix: String { "cps" } }
  public enum CouponBatch: Identified { public static var prefix: String { "cpb" } }
  public enum CertificateSeries: Identified { public static var prefix: String { "cts" } }
  public enum CertificateBatch: Identified { public static var prefix: String { "ctb" } }
  public enum CertificateEntry: Identified { public static var prefix: String { "cte" } }
  public enum StampChange: Identified { public static var prefix: String { "stp" } }
  public enum Gift: Identified { public static var prefix: String { "gft" } }
  public enum Transfer: Identified { public static var prefix: String { "ptr" } }
  public enum Donation: Identified { public static var prefix: String { "don" } }
  public enum Receipt: Identified { public static var prefix: String { "rcp" } }
  public enum Return: Identified { public static var prefix: String { "ret" } }
  public enum Lot: Identified { public static var prefix: String { "lot" } }
  public enum Hold: Identified { public static var prefix: String { "hld" } }
  public enum Entry: Identified { public static var prefix: String { "jnl" } }
  public enum Calculation: Identified { public static var prefix: String { "clc" } }
  public enum Segment: Identified { public static var prefix: String { "seg" } }
  public enum Tier: Identified { public static var prefix: String { "tir" } }
  public enum TierGrant: Identified { public static var prefix: String { "tgr" } }
  public enum PriceZone: Identified { public static var prefix: String { "zon" } }
  public enum Audit: Identified { public static var prefix: String { "aud" } }
  public enum Event: Identified { public static var prefix: String { "evt" } }
  public enum Import: Identified { public static var prefix: String { "imp" } }
  public enum Discrepancy: Identified { public static var prefix: String { "dis" } }
  public enum Adjustment: Identified { public static var prefix: String { "adj" } }
  public enum Token: Identified { public static var prefix: String { "tok" } }
  public enum Staff: Identified { public static var prefix: String { "stf" } }
  public enum Confirmation: Identified { public static var prefix: String { "cnf" } }
  public enum TillAnswer: Identified { public static var prefix: String { "ans" } }
  public enum ShiftClosing: Identified { public static var prefix: String { "shc" } }
  public enum Job: Identified { public static var prefix: String { "job" } }
  public enum Webhook: Identified { public static var prefix: String { "whk" } }
  public enum Session: Identified { public static var prefix: String { "ses" } }
  public enum StaffLink: Identified { public static var prefix: String { "lnk" } }
  public enum Upload: Identified { public static var prefix: String { "upl" } }
  public enum ApprovalChange: Identified { public static var prefix: String { "apc" } }
  public enum Subscription: Identified { public static var prefix: String { "sub" } }
  public enum SubscriptionPeriod: Identified { public static var prefix: String { "spd" } }
  public enum GoodwillRequest: Identified { public static var prefix: String { "gwr" } }
  public enum FundingContract: Identified { public static var prefix: String { "fnc" } }
  public enum FundingAct: Identified { public static var prefix: String { "fna" } }
  public enum PartnerStatement: Identified { public static var prefix: String { "pst" } }
  public enum PartnerEntry: Identified { public static var prefix: String { "pen" } }
  public enum Game: Identified { public static var prefix: String { "gam" } }
  public enum GameDraw: Identified { public static var prefix: String { "drw" } }
  public enum FindEntry: Identified { public static var prefix: String { "fnd" } }
  public enum Completion: Identified { public static var prefix: String { "cmp" } }
  public enum TurnEntry: Identified { public static var prefix: String { "trn" } }
  public enum Merge: Identified { public static var prefix: String { "mrg" } }
  public enum MemberNote: Identified { public static var prefix: String { "mno" } }
  public enum MemberTask: Identified { public static var prefix: String { "mtk" } }
  public enum MemberLook: Identified { public static var prefix: String { "mlk" } }
  public enum GuardAlert: Identified { public static var prefix: String { "gal" } }
  public enum GuardBlock: Identified { public static var prefix: String { "gbl" } }
  public enum SavedReport: Identified { public static var prefix: String { "svr" } }
  public enum Formula: Identified { public static var prefix: String { "fml" } }
  public enum Dashboard: Identified { public static var prefix: String { "dsh" } }
  public enum ReportSchedule: Identified { public static var prefix: String { "rsc" } }
  public enum ReportSending: Identified { public static var prefix: String { "rsn" } }
  public enum ReportOutsider: Identified { public static var prefix: String { "rso" } }
  public enum MemberField: Identified { public static var prefix: String { "mfd" } }
  public enum Dictionary: Identified { public static var prefix: String { "dct" } }
  public enum WhatIfRun: Identified { public static var prefix: String { "wif" } }
  public enum BulkAction: Identified { public static var prefix: String { "bka" } }
  public enum Visit: Identified { public static var prefix: String { "vis" } }
  public enum VisitEvent: Identified { public static var prefix: String { "vev" } }
  public enum TrafficSource: Identified { public static var prefix: String { "trs" } }
  public enum Funnel: Identified { public static var prefix: String { "fnl" } }
}

public typealias AccountID = ID<Entity.Account>
public typealias LegalEntityID = ID<Entity.LegalEntity>
public typealias BrandID = ID<Entity.Brand>
public typealias StoreID = ID<Entity.Store>
public typealias RegisterID = ID<Entity.Register>
public typealias ProgrammeID = ID<Entity.Programme>
public typealias PartnerID = ID<Entity.Partner>
public typealias MemberID = ID<Entity.Member>
public typealias PersonID = ID<Entity.Person>
public typealias HouseholdID = ID<Entity.Household>
public typealias HouseholdStayID = ID<Entity.HouseholdStay>
public typealias ProductID = ID<Entity.Product>
public typealias CategoryID = ID<Entity.Category>
public typealias ProductBrandID = ID<Entity.ProductBrand>
public typealias ManufacturerID = ID<Entity.Manufacturer>
public typealias PromotionID = ID<Entity.Promotion>
public typealias RuleBookID = ID<Entity.RuleBook>
public typealias CouponSeriesID = ID<Entity.CouponSeries>
public typealias CouponBatchID = ID<Entity.CouponBatch>
public typealias CertificateSeriesID = ID<Entity.CertificateSeries>
public typealias CertificateBatchID = ID<Entity.CertificateBatch>
public typealias CertificateEntryID = ID<Entity.CertificateEntry>
public typealias ApprovalChangeID = ID<Entity.ApprovalChange>
public typealias SubscriptionID = ID<Entity.Subscription>
public typealias SubscriptionPeriodID = ID<Entity.SubscriptionPeriod>
public typealias ReceiptID = ID<Entity.Receipt>
public typealias StampChangeID = ID<Entity.StampChange>
public typealias GiftID = ID<Entity.Gift>
public typealias TransferID = ID<Entity.Transfer>
public typealias DonationID = ID<Entity.Donation>
public typealias ReturnID = ID<Entity.Return>
public typealias LotID = ID<Entity.Lot>
public typealias HoldID = ID<Entity.Hold>
public typealias EntryID = ID<Entity.Entry>
public typealias CalculationID = ID<Entity.Calculation>
public typealias SegmentID = ID<Entity.Segment>
public typealias TierID = ID<Entity.Tier>
public typealias TierGrantID = ID<Entity.TierGrant>
public typealias PriceZoneID = ID<Entity.PriceZone>
public typealias AuditID = ID<Entity.Audit>
public typealias EventID = ID<Entity.Event>
public typealias ImportID = ID<Entity.Import>
public typealias DiscrepancyID = ID<Entity.Discrepancy>
public typealias AdjustmentID = ID<Entity.Adjustment>
public typealias TokenID = ID<Entity.Token>
public typealias StaffID = ID<Entity.Staff>
public typealias ConfirmationID = ID<Entity.Confirmation>
public typealias TillAnswerID = ID<Entity.TillAnswer>
public typealias ShiftClosingID = ID<Entity.ShiftClosing>
public typealias JobID = ID<Entity.Job>
public typealias WebhookID = ID<Entity.Webhook>
public typealias SessionID = ID<Entity.Session>
public typealias StaffLinkID = ID<Entity.StaffLink>
public typealias UploadID = ID<Entity.Upload>
public typealias GoodwillRequestID = ID<Entity.GoodwillRequest>
public typealias FundingContractID = ID<Entity.FundingContract>
public typealias FundingActID = ID<Entity.FundingAct>
public typealias PartnerStatementID = ID<Entity.PartnerStatement>
public typealias PartnerEntryID = ID<Entity.PartnerEntry>
public typealias GameID = ID<Entity.Game>
public typealias GameDrawID = ID<Entity.GameDraw>
public typealias FindEntryID = ID<Entity.FindEntry>
public typealias CompletionID = ID<Entity.Completion>
public typealias TurnEntryID = ID<Entity.TurnEntry>
public typealias MergeID = ID<Entity.Merge>
public typealias MemberNoteID = ID<Entity.MemberNote>
public typealias MemberTaskID = ID<Entity.MemberTask>
public typealias MemberLookID = ID<Entity.MemberLook>
public typealias GuardAlertID = ID<Entity.GuardAlert>
public typealias GuardBlockID = ID<Entity.GuardBlock>
public typealias SavedReportID = ID<Entity.SavedReport>
public typealias FormulaID = ID<Entity.Formula>
public typealias DashboardID = ID<Entity.Dashboard>
public typealias ReportScheduleID = ID<Entity.ReportSchedule>
public typealias ReportSendingID = ID<Entity.ReportSending>
public typealias ReportOutsiderID = ID<Entity.ReportOutsider>
public typealias MemberFieldID = ID<Entity.MemberField>
public typealias DictionaryID = ID<Entity.Dictionary>
public typealias WhatIfRunID = ID<Entity.WhatIfRun>
public typealias BulkActionID = ID<Entity.BulkAction>
public typealias VisitID = ID<Entity.Visit>
public typealias VisitEventID = ID<Entity.VisitEvent>
public typealias TrafficSourceID = ID<Entity.TrafficSource>
public typealias FunnelID = ID<Entity.Funnel>
