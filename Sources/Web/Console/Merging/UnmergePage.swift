import Customers
import Kernel
import Loyalty

/// What taking two members apart comes to, and the button.
struct UnmergePage {
  let preview: UnmergePreview
  let survivor: Member
  let merged: Member
  let visit: Visit
  /// Of the form, so that it happens once.
  let request: String
  var refusal: Problem?

  private var reader: Reader { visit.reader }
  private var path: String { "/console/merges/\(merged.id)" }

  var page: Page {
    Page(
      title: reader("Разделить участников", "Take members apart"),
      notes: [
        reader("объединены \(reader.moment(preview.merge.madeAt))", "merged \(reader.moment(preview.merge.madeAt))"),
        preview.merge.reason,
      ],
      crumbs: [
        (reader("Участники", "Members"), "/console/members"), (visit.name(of: survivor), "/console/members/\(survivor.id)"),
      ],
      body: "<div class=\"page-body\">\(notice)\(outcome)\(preview.obstacle == nil ? deciding : nil)</div>")
  }

  private var notice: Markup? { (refusal ?? preview.obstacle).map { Notice.refusal($0, reader) } }

  private var outcome: Markup {
    let stays: Markup? =
      preview.stays > .zero
      ? "<b>\(reader.points(preview.stays))</b> <small>\(reader("потрачены или сгорели, остаются за основным", "spent or expired, stay with the survivor"))</small>"
      : nil
    let facts: [(name: String, value: Markup?)] = [
      (reader("Было при объединении", "Were there at the merge"), "\(reader.points(preview.brought))"),
      (reader("Вернутся", "Go back"), "<b>\(reader.points(preview.goesBack))</b>"),
      (reader("Не вернутся", "Do not go back"), stays),
      (reader("Личных купонов перешло", "Own coupons that moved"), preview.coupons > 0 ? "\(preview.coupons)" : nil),
      (
        reader("Останется у «\(visit.name(of: survivor))»", "Left with “\(visit.name(of: survivor))”"),
        preview.obstacle == nil ? "\(reader.points(preview.survivor.active))" : nil
      ),
      (
        reader("Чеков вернётся", "Receipts that go back"),
        preview.obstacle == nil ? "\(reader.number(preview.merged.history.purchases))" : nil
      ),
    ]
    let note = reader(
      "Номера и карты, которые пришли с этим участником, снова найдут его. Покупки после объединения и баллы за них остаются у основного участника.",
      "Numbers and cards that came with this member find them again. Purchases since the merge, and points for them, stay with the survivor."
    )
    return """
      <section class="panel"><header class="panel-head"><h2>\(visit.name(of: merged))</h2><span class="muted">\(merged.id.description)</span></header>\
      <div class="panel-body stack s">\(FactList(rows: facts).html)<p class="hint">\(note)</p></div></section>
      """
  }

  private var deciding: Markup {
    """
    <section class="panel form-panel"><form class="inline-form" method="post" action="\(path)">\(visit.key)\
    <input type="hidden" name="request" value="\(request)"><div class="row wrap"><button class="button primary">\(Icon.undo.small)\(reader("Разделить", "Take apart"))</button>\
    <a class="button ghost" href="/console/members/\(survivor.id)">\(reader("Отмена", "Cancel"))</a></div></form></section>
    """
  }
}
