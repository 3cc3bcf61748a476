import Testing

/// What a driver reports to its log is a failure in a test that did not ask for it.
public enum Unreported {
  public static func record(_ error: any Error) { Issue.record(error, "a driver reported a failure that no caller saw") }
}
