import Kernel
import Loyalty

/// What programs read that take a feed in: which tables there are, and what a delivery holds.
public enum FeedForm {
  /// Changes with the number behind the bar when a column goes or means something else. New columns come last, new tables come beside,
  /// and neither changes it.
  public static let format = "regulars.feed/1"

  /// `schema.json`: every table with its key and columns.
  public static var json: JSON {
    .object([
      "format": .string(format),
      "tables": .array(
        FeedTable.allCases.map { table in
          .object([
            "name": .string(table.rawValue), "file": .string(table.rawValue + ".csv"), "changes": .string(table.share.rawValue),
            "key": .array(table.key.map(JSON.string)),
            "columns": .array(
              table.columns.map { column in
                .object([
                  "name": .string(column.name), "type": .string(column.kind.rawValue),
                  "meaning": column.meaning.isEmpty ? nil : .string(column.meaning),
                ])
              }),
          ])
        }),
    ])
  }

  /// `manifest.json` of a delivery.
  static func manifest(
    _ delivery: FeedFolder.Delivery, of programme: Programme, account: String, from: FeedPosition?, to position: FeedPosition,
    at now: Instant, _ facts: [FeedTable: FeedFiles.Facts]
  ) -> JSON {
    .object([
      "format": .string(format), "delivery": .int(Int64(delivery.number)), "kind": .string(delivery.isWhole ? "whole" : "changes"),
      "account": .string(account), "programme": .string(programme.code),
      "currency": .string(programme.settings.terms.currency.code), "madeAt": .string(now.text),
      "epoch": .int(position.epoch), "after": from.map { .int($0.position) }, "through": .int(position.position),
      "tables": .array(
        FeedTable.allCases.map { table in
          .object([
            "name": .string(table.rawValue), "file": .string(table.rawValue + ".csv"), "rows": .int(Int64(facts[table]?.rows ?? 0)),
            "bytes": .int(Int64(facts[table]?.bytes ?? 0)),
          ])
        }),
    ])
  }
}
