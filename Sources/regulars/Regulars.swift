import ArgumentParser

@main
struct Regulars: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "regulars", abstract: "Retail CRM and loyalty platform")
}
