import Access
import Conditions
import Kernel
import Storage

/// Every statement about the texts of consents.
enum ConsentTextSQL {
  private static let columns = "consent, version, text_ru, text_en, link, starts_on, made_at, actor, archived_at"

  static func text(_ row: Row) throws -> RegisteredText {
    guard let consent = Consent(rawValue: row.text(0)) else {
      throw StorageFailure.damaged("consent_text.consent holds \(row.text(0))")
    }
    let details = ConsentText(
      consent, version: row.text(1), text: LocalText(ru: row.text(2), en: row.text(3)), link: row.text(4), from: row.day(5))
    return RegisteredText(details: details, madeAt: row.instant(6), actor: row.text(7), archivedAt: row.instantOrNil(8))
  }

  static func all(_ account: AccountID, _ programme: ProgrammeID) -> SQL {
    """
    select \(raw: columns) from consent_text where programme_id = \(programme) and account_id = \(account)
    order by consent, version
    """
  }

  static func one(
    _ account: AccountID, _ programme: ProgrammeID, _ consent: Consent, _ version: String, _ lock: String
  ) -> SQL {
    """
    select \(raw: columns) from consent_text
    where programme_id = \(programme) and consent = \(consent.rawValue) and version = \(version) and account_id = \(account)\(raw: lock)
    """
  }

  static func insert(_ account: AccountID, _ programme: ProgrammeID, _ text: ConsentText, _ change: Change) -> SQL {
    SQL(
      """
      insert into consent_text (programme_id, consent, version, account_id, text_ru, text_en, link, starts_on, made_at, actor)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      """,
      programme, text.consent.rawValue, text.version, account, text.text.ru, text.text.en, text.link, text.from, change.at,
      change.actor.description)
  }

  static func update(_ account: AccountID, _ programme: ProgrammeID, _ text: ConsentText) -> SQL {
    SQL(
      """
      update consent_text set text_ru = $5, text_en = $6, link = $7, starts_on = $8
      where programme_id = $1 and consent = $2 and version = $3 and account_id = $4
      """, programme, text.consent.rawValue, text.version, account, text.text.ru, text.text.en, text.link, text.from)
  }

  static func archive(
    _ account: AccountID, _ programme: ProgrammeID, _ consent: Consent, _ version: String, _ at: Instant?
  ) -> SQL {
    SQL(
      """
      update consent_text set archived_at = cast($5 as bigint)
      where programme_id = $1 and consent = $2 and version = $3 and account_id = $4
      """, programme, consent.rawValue, version, account, at)
  }

  /// Texts that a consent names stay as they are until it is written.
  static func hold(
    _ account: AccountID, _ programme: ProgrammeID, _ consents: [String], _ versions: [String], _ dialect: Dialect
  ) -> SQL {
    """
    select version from consent_text
    where programme_id = \(programme) and consent in (\(list: padded(consents))) and version in (\(list: padded(versions)))
      and account_id = \(account) order by consent, version\(raw: dialect.forShare)
    """
  }

  static func use(_ account: AccountID, _ programme: ProgrammeID, _ consent: Consent, _ version: String) -> SQL {
    """
    select 1 from consent
    where programme_id = \(programme) and consent = \(consent.rawValue) and text_version = \(version) and account_id = \(account)
    limit 1
    """
  }

  /// From one version to the next by the index, so that a million consents to five texts are six looks.
  static func named(_ account: AccountID, _ programme: ProgrammeID, _ consent: Consent, _ limit: Int) -> SQL {
    """
    with recursive named (version) as (
      select min(c.text_version) from consent c
      where c.programme_id = \(programme) and c.consent = \(consent.rawValue) and c.text_version > '' and c.account_id = \(account)
      union all
      select (
        select min(c.text_version) from consent c
        where c.programme_id = \(programme) and c.consent = \(consent.rawValue) and c.text_version > named.version
          and c.account_id = \(account))
      from named where named.version is not null
    )
    select version from named where version is not null limit \(limit)
    """
  }
}
