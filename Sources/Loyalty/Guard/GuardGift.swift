import Jobs
import Kernel

/// Points without a purchase as far as they are counted: as its event says.
struct GuardGift {
  let owner: Int64
  let programme: ProgrammeID
  let day: CivilDay
  let points: Points
  let at: Instant

  init?(_ event: Event) {
    guard case .int(let day)? = event.body["d"], let number = Int32(exactly: day), case .int(let points)? = event.body["e"],
      case .int(let programme)? = event.body["p"]
    else { return nil }
    (self.owner, self.programme, self.day) = (event.owner, ProgrammeID(programme), CivilDay(number: number))
    (self.points, at) = (Points(units: points), event.at)
  }
}

/// Points that a member gave to another, or has again, as far as they are counted.
struct GuardTransfer {
  let owner: Int64
  let programme: ProgrammeID
  let day: CivilDay
  let points: Points
  let count: Int64
  let circles: Int64

  init?(_ event: Event) {
    guard case .int(let day)? = event.body["d"], let number = Int32(exactly: day), case .int(let points)? = event.body["e"],
      case .int(let programme)? = event.body["p"], case .int(let count)? = event.body["n"],
      case .int(let circles)? = event.body["c"]
    else { return nil }
    (self.owner, self.programme, self.day) = (event.owner, ProgrammeID(programme), CivilDay(number: number))
    (self.points, self.count, self.circles) = (Points(units: points), count, circles)
  }
}
