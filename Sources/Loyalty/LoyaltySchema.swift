import Storage

/// The tables of this wing, in an order in which they can be created, behind those of `AccessSchema` and `CustomersSchema`.
public enum LoyaltySchema {
  public static var tables: [Table] {
    CatalogueSchema.tables + ProgrammesSchema.tables + CouponsSchema.tables + CertificatesSchema.tables + GamesSchema.tables
      + PointsSchema.tables + GivingSchema.tables + StampsSchema.tables + ReceiptsSchema.tables + TillAnswersSchema.tables
      + ShiftsSchema.tables
      + ActivitySchema.tables + LadderSchema.tables + FavouritesSchema.tables + FundingSchema.tables + PartnersSchema.tables
      + GuardSchema.tables + MergingSchema.tables + HouseholdsSchema.tables + SubscriptionSchema.tables + BulkSchema.tables
      + WhatIfSchema.tables
      + TransfersSchema.tables + CharitySchema.tables + FirstPurchasesSchema.tables
  }
}
