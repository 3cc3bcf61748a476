import Access
import Gateways
import Insight
import Jobs
import Kernel
import Web

extension Worker {
  /// Letters to the staff, reports among them.
  mutating func send(letters mail: MailConfig, _ cubes: Cubes, _ wiring: Wiring) {
    let gateway = MailGateway(to: mail.server, from: mail.sender, now: wiring.world.now, random: wiring.world.random)
    let post = StaffPost(
      on: wiring.database, console: mail.console, ids: wiring.ids, now: wiring.world.now, random: wiring.world.random,
      send: gateway.sendMail)
    take(StaffLetter.job, StaffLetter.retry) { try await post.deliver($0) }
    let reports = ReportPost(
      on: wiring.database, zones: wiring.zoneNamed, ids: wiring.ids, now: wiring.world.now, console: mail.console,
      columns: { await cubes.keeper(of: $0) }, pen: ReportLetter.pen, picture: PictureGateway.png, send: gateway.sendMail)
    take(long: ReportPost.job, ReportPost.retry) { job, isStopping in try await reports.deliver(job, until: isStopping) }
    add(DueReports(zones: wiring.zoneNamed, ids: wiring.ids).chore(on: wiring.database, now: wiring.world.now))
  }
}
