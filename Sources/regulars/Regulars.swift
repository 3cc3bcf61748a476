import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct Regulars: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regulars",
    abstract: "Retail CRM and loyalty platform.",
    discussion: "Every verb works on the database that the configuration names; `regulars doctor` shows which that is.",
    version: Version.text,
    subcommands: [
      Serve.self, Work.self, Migrate.self, AccountVerb.self, BrandVerb.self, LegalEntityVerb.self, ProgrammeVerb.self,
      RulesVerb.self, LabelsVerb.self, CouponVerb.self, CertificateVerb.self, GameVerb.self, RewardVerb.self, SubscriptionVerb.self,
      FundingVerb.self,
      GuardVerb.self,
      WhatIfVerb.self, CubeVerb.self, PivotVerb.self, ReportVerb.self, FunnelVerb.self, SegmentVerb.self, EffectVerb.self,
      FeedVerb.self,
      MembersVerb.self,
      HouseholdVerb.self, BulkVerb.self, CharityVerb.self,
      RegisterVerb.self, TokenVerb.self, StaffVerb.self, ShiftsVerb.self, TillVerb.self, JobsVerb.self, WebhookVerb.self,
      Import.self, Demo.self,
      Verify.self, Rebuild.self, Calculate.self, ShadowVerb.self, Bench.self, Simulate.self, Backup.self, Restore.self, Doctor.self,
    ])
}

@main
enum FrontDoor {
  static func main() async {
    // A reader that goes away (`| head`) is an error of that write, not the end of an import.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try Regulars.parseAsRoot()
      guard var verb = command as? any AsyncParsableCommand else {
        try command.run()
        return
      }
      do {
        try await verb.run()
      } catch let error where !isPlain(error) {
        let farewell = Farewell(error)
        Console().line("regulars: " + farewell.text)
        exit(farewell.ending.rawValue)
      }
    } catch {
      Regulars.exit(withError: error)
    }
  }

  /// What the argument parser itself prints best: help, version and ends without a word.
  private static func isPlain(_ error: any Error) -> Bool { error is CleanExit || error is ExitCode || error is ValidationError }
}
