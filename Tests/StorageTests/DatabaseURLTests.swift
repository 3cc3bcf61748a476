import Kernel
import Storage
import Testing

@Suite struct DatabaseURLTests {
  @Test(arguments: [
    ("postgres://anna:s3cret@db:5432/shop", "postgres://anna:***@db:5432/shop"),
    ("postgresql://anna@db/shop?password=s3cret&sslmode=require", "postgresql://anna@db/shop?password=***&sslmode=require"),
    ("postgres://anna:s3@cret@db/shop", "postgres://anna:***@db/shop"),
    ("postgres:///shop", "postgres:///shop"),
    ("sqlite:demo-data/regulars.db", "sqlite:demo-data/regulars.db"),
  ])
  func `a database's name can be shown without its password`(url: String, shown: String) throws {
    let text = try DatabaseURL(url).description
    #expect(text == shown)
  }

  @Test(arguments: ["", "sqlite:", "mysql://db/shop", "shop.db"])
  func `another database is refused with a word on what is possible`(url: String) {
    let problem = #expect(throws: Problem.self) { try DatabaseURL(url) }
    #expect(problem?.code == "database_url")
    #expect(problem?.detail.contains("sqlite:PATH") == true)
  }
}
