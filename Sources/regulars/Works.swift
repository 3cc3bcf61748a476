import Access
import Customers
import Engagement
import Gateways
import Imports
import Insight
import Jobs
import Kernel
import Logging
import Loyalty
import Storage

/// Everything that this installation does without being asked, put together in one place: followers of the event stream, handlers of
/// jobs, scheduled work, retention, and the gauges that tell how they stand. Whoever has something new to do adds a line here.
struct Works: Sendable {
  let worker: Worker
  /// For whoever exports metrics; each is read in a transaction that cannot write.
  let gauges: [GaugeReading]
  /// Sends one request to another system's server.
  var sender: WebhookSender { gateway.sender }
  private let gateway: WebhookGateway

  /// - Parameter cubes: what reports are answered from.
  /// - Parameter tell: hears of what was done and what failed, from many tasks.
  /// - Parameter show: where codes are shown when they are sent to nobody.
  /// - Throws: `Problem` where the configuration contradicts itself.
  init(
    _ wiring: Wiring, _ config: Config, cubes: Cubes, showing show: @escaping @Sendable (String) -> Void,
    telling tell: @escaping @Sendable (WorkNote) -> Void
  ) throws(Problem) {
    let (database, now) = (wiring.database, wiring.world.now)
    let clock = Clockwork(now: now, pause: pause, random: wiring.world.random)
    var worker = Worker(on: database, as: wiring.holder, clock, telling: tell)
    gateway = WebhookGateway()

    // Followers of the stream, with what they make of its events: worker.follow(Follower("segments")) { page, tx in … }
    let followers = worker.addUpDays(wiring, telling: tell) + worker.addUpMore(wiring)

    // Jobs by their kind: worker.take("message") { job in … }
    try worker.send(codes: config.codeChannel(gateway.sender, show), wiring)
    if let mail = config.outward.mail { worker.send(letters: mail, cubes, wiring) }
    worker.sendAgain(wiring)
    worker.issueCodes(wiring)

    // Files that were sent through the console, beside the jobs: an import takes minutes.
    worker.add(Importer(on: database, as: wiring.holder, ids: wiring.ids, clock, zones: wiring.zoneNamed).loop)
    if let keys = wiring.keyRing(config) {
      let documents = EventDocuments(zones: wiring.zoneNamed, ids: wiring.ids)
      let postman = Postman(
        on: database, as: wiring.holder, clock, keys: keys, rule: config.webhookRule, documents: documents, send: gateway.sender,
        telling: tell)
      worker.add(WebhookWork.fanOut(FanOut(as: wiring.holder, now: now), on: database))
      worker.add(WebhookWork.sending(postman))
    }

    let due = worker.watch(wiring, telling: tell)
    worker.schedule(wiring)
    let old = Works.retention(keepingFor: followers, config)
    worker.add(.retention(old, on: database, now: now))

    gauges = [
      Gauges.relay, Gauges.followers(followers), Gauges.jobs(of: worker.kinds), Gauges.chores(named: worker.chores), due.gauge,
      WebhookWork.gauges, UnsoldReturns.gauge,
    ]
    self.worker = worker
  }

  /// Works until it is asked to stop, finishes the steps under way and gives everything back.
  func run(until isStopping: @escaping Stopping) async throws {
    await Urgency.$current.withValue(.bulk) { await worker.run(until: isStopping) }
    try await gateway.close()
  }
}

extension Worker {
  /// What ends by itself: points, holds and certificates.
  fileprivate mutating func watch(_ wiring: Wiring, telling tell: @escaping @Sendable (WorkNote) -> Void) -> DueWallets {
    let (database, now) = (wiring.database, wiring.world.now)
    let due = DueWallets(zones: wiring.zoneNamed, ids: wiring.ids)
    add(due.chore(on: database, now: now, telling: tell))
    add(DueCertificates(zones: wiring.zoneNamed, ids: wiring.ids).chore(on: database, now: now, telling: tell))
    return due
  }

  /// Sums of days, from what happened to receipts, and who stands where by them.
  fileprivate mutating func addUpDays(_ wiring: Wiring, telling tell: @escaping @Sendable (WorkNote) -> Void) -> [Follower] {
    let (stores, members) = (Follower("store-days"), Follower("member-days"))
    let (ladders, now) = (LadderWork(zones: wiring.zoneNamed, ids: wiring.ids), wiring.world.now)
    follow(stores) { page, tx in try Works.takeDays(page, &tx) }
    follow(members) { page, tx in
      for (account, events) in Works.byAccount(page) { try ladders.take(events, of: account, at: now(), in: &tx) }
    }
    add(MemberDayHistory.chore(behind: members, on: wiring.database, now: now))
    add(ladders.chore(on: wiring.database, now: now, telling: tell))
    add(SubscriptionWork(zones: wiring.zoneNamed, ids: wiring.ids).chore(on: wiring.database, now: now, telling: tell))
    return [stores, members]
  }

  /// Figures of cashiers, tills and members, and the limits that they meet.
  mutating func guardAgainstFraud(_ wiring: Wiring) -> Follower {
    let (zones, ids, now) = (wiring.zoneNamed, wiring.ids, wiring.world.now)
    follow(GuardDays.follower) { page, tx in
      for (account, events) in Works.byAccount(page) {
        try GuardDays(of: account, zones: zones, ids: ids).take(events, at: now(), in: &tx)
      }
    }
    add(GuardWork(zones: zones).chore(on: wiring.database, now: now))
    return GuardDays.follower
  }

  /// Codes to members' phones.
  fileprivate mutating func send(codes channel: CodeChannel, _ wiring: Wiring) {
    let (database, now, zones) = (wiring.database, wiring.world.now, wiring.zoneNamed)
    take(CodeLetter.job, CodeLetter.retry) { job in
      let letter = try CodeLetter(job)
      guard !letter.isOver(at: now()) else { return }
      let programme = try await database.read { tx in
        try Programmes(of: job.account, zones: zones).programme(letter.message.programme, in: &tx)
      }
      try await channel.send(letter, pointsScale: programme.settings.points.scale, at: now())
    }
  }
}

extension Worker {
  /// Events that somebody wants webhooks to have once more.
  fileprivate mutating func sendAgain(_ wiring: Wiring) {
    let (database, ids, now) = (wiring.database, wiring.ids, wiring.world.now)
    take(long: ReplayJob.job) { job, isStopping in
      try await ReplayJob.perform(job, on: database, ids: ids, now: now, until: isStopping)
    }
  }

  /// Codes of coupons and certificates that somebody ordered, and actions on segments.
  fileprivate mutating func issueCodes(_ wiring: Wiring) {
    actInBulk(wiring)
    tryOut(wiring)
    let (database, now, ids, zones) = (wiring.database, wiring.world.now, wiring.ids, wiring.zoneNamed)
    take(long: CouponCodes.issuing) { job, isStopping in
      try await CodeJob.perform(
        job, of: CouponCodes.self, on: database, now: now,
        programme: { id, tx in try Programmes(of: job.account, zones: zones).programme(id, in: &tx) },
        make: { batch, programme, tx in
          var generator = SystemRandomNumberGenerator()
          return try Coupons(of: programme).makeNext(of: batch, using: &generator, in: &tx)
        }, until: isStopping)
    }
    take(long: CertificateCodes.issuing) { job, isStopping in
      try await CodeJob.perform(
        job, of: CertificateCodes.self, on: database, now: now,
        programme: { id, tx in try Programmes(of: job.account, zones: zones).programme(id, in: &tx) },
        make: { batch, programme, tx in
          var generator = SystemRandomNumberGenerator()
          return try Certificates(of: programme, ids: ids, keys: nil).makeNext(of: batch, using: &generator, in: &tx)
        }, until: isStopping)
    }
  }
}

extension Works {
  /// What is removed when it is old.
  fileprivate static func retention(keepingFor followers: [Follower], _ config: Config) -> [Retention] {
    let looks = Span.days(Int64(config.looksKept))
    let visits = Span.days(Int64(config.visitsKept))
    let bulk = Span.days(Int64(config.bulkKept))
    return [
      .events(keepingFor: followers.map(\.name)), WebhookWork.retention,
      Retention("till_answer") { now, tx in try TillAnswers.forget(before: now - TillAnswers.life, in: &tx) },
      DueReports.retention,
      Retention("staff_session") { now, tx in try Sessions.forget(before: now, in: &tx) },
      Retention("staff_link") { now, tx in try StaffLinks.forget(before: now - .days(7), in: &tx) },
      Retention("upload") { now, tx in try Uploads.sweep(before: now - .days(Int64(Limits.uploadDays)), in: &tx) },
      Retention("member_look") { now, tx in try MemberLooks.forget(before: now - looks, in: &tx) },
      Retention("segment_move") { now, tx in
        try Segments.forgetMoves(before: now - .days(Int64(Limits.segmentMoveDays)), in: &tx)
      },
      Retention("waiting_return") { now, tx in
        try UnsoldReturns.forget(before: now - .days(Int64(Limits.waitingReturnDays)), in: &tx)
      },
      Retention("visit_event") { now, tx in try VisitRetention.sweep(before: now - visits, in: &tx) },
      Retention("bulk_member") { now, tx in try BulkRetention.sweep(before: now - bulk, at: now, in: &tx) },
      Retention("whatif_run") { now, tx in try WhatIfRuns.forget(before: now - .days(Int64(Limits.whatIfKept)), in: &tx) },
      Retention("confirmation") { now, tx in try Confirmations.forget(before: now - .days(1), in: &tx) },
    ]
  }

  /// What each account's stores did, from the events of a page.
  fileprivate static func takeDays(_ page: StreamPage, _ tx: inout Transaction) throws {
    for (account, events) in byAccount(page) { _ = try StoreDays(of: account).take(events, in: &tx) }
  }

  static func byAccount(_ page: StreamPage) -> [(AccountID, [Event])] {
    Dictionary(grouping: page.events, by: \.account).sorted { $0.key < $1.key }.map { account, events in
      let known = events.compactMap { event in
        event.kind.map { Event($0, id: event.id, owner: event.owner, subject: event.subject, at: event.at, body: event.body) }
      }
      return (account, known)
    }
  }
}

/// Sleeps, or returns at once in a task that was cancelled: nothing is lost by that.
@Sendable private func pause(_ span: Span) async {
  do { try await Task.sleep(for: .microseconds(span.micros)) } catch { return }
}

extension Config {
  /// - Throws: `Problem` (`codes_configuration`) where an address is given without a secret.
  func codeChannel(
    _ send: @escaping WebhookSender, _ show: @escaping @Sendable (String) -> Void
  ) throws(Problem) -> CodeChannel {
    guard let address = outward.codesChannel.address else { return .console(show) }
    guard let secret = outward.codesSecret.secret else {
      throw Problem(
        .invalid, "codes_configuration",
        "codes.channel names an address, so codes.secret must hold the secret that messages are signed with: whsec_ and base64 of 32 random bytes"
      )
    }
    return .webhook(try webhookRule.check(address), webhookRule, secret, send)
  }

  var webhookRule: AddressRule { AddressRule(allowsPrivate: outward.webhooksPrivate, allowsPlain: outward.webhooksPlain) }
}

extension Wiring {
  /// Nil where the configuration names no key.
  func keyRing(_ config: Config) -> KeyRing? { KeyRing(config.outward.secretKeys.keys, random: world.random) }

  /// - Throws: `Problem` (`secrets_key_configuration`) where the configuration names no key.
  func neededKeyRing(_ config: Config) throws(Problem) -> KeyRing {
    if let ring = keyRing(config) { return ring }
    throw Problem(
      .invalid, "secrets_key_configuration",
      "secrets are stored sealed, and the configuration has no secrets.key; `head -c 32 /dev/urandom | base64` makes one. Keep a copy "
        + "apart from the database's backups")
  }
}

extension Logger {
  /// Background work in the log: failures by their plain words, since details may quote a row.
  func note(_ note: WorkNote) {
    switch note {
    case .did(let name, let count): debug("\(name)", metadata: ["count": "\(count)"])
    case .failed(let name, let error, let again):
      let cause = (error as? SealBroken).map(\.description) ?? plainWord(error)
      warning("\(name) failed and is tried again", metadata: ["cause": "\(cause)", "seconds": "\(Int(again.inSeconds))"])
    case .dead(let name): error("\(name) was given up; `regulars jobs dead` and `regulars webhook deliveries` show which")
    case .missed(let name, let events):
      error("\(name) came too late for events that retention removed", metadata: ["events": "\(events)"])
    }
  }
}

extension Worker {
  /// Work that comes round by the clock and belongs to no room of its own.
  fileprivate mutating func schedule(_ wiring: Wiring) {
    let (database, now) = (wiring.database, wiring.world.now)
    add(PointsCount(zones: wiring.zoneNamed).chore(on: database, now: now))
    add(PointsFlowCount(zones: wiring.zoneNamed).chore(on: database, now: now))
    add(CouponCount(zones: wiring.zoneNamed).chore(on: database, now: now))
    add(CertificateCount(zones: wiring.zoneNamed).chore(on: database, now: now))
    add(FirstPurchaseCount(zones: wiring.zoneNamed, ids: wiring.ids).chore(on: database, now: now))
    add(ShopperCount(zones: wiring.zoneNamed).chore(on: database, now: now))
    add(.requestKeys(on: database, now: now))
    add(.shifts(wiring))
    add(.silentTills(wiring))
  }
}
