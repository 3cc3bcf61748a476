import Kernel
import Testing

@Test func `a day survives the trip through its text`() throws {
  for number in stride(from: Int32(-100_000), through: 100_000, by: 37) {
    let day = CivilDay(number: number)
    #expect(CivilDay(day.description) == day)
  }
  #expect(CivilDay("2023-02-29") == nil)
}
