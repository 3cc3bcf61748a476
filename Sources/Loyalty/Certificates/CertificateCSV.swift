import Kernel

/// Certificates as a printing house takes them. Whoever has the file has the money: it is for the printer alone.
public enum CertificateCSV {
  public static var head: String { "code,pin,state,balance,good_until" }

  /// Codes, numbers and times hold neither commas nor quotes.
  public static func row(_ certificate: Certificate, _ pin: String?, _ currency: Currency) -> String {
    [
      certificate.code, pin ?? "", "\(certificate.state)", Decimal.text(certificate.balance.minor, digits: currency.digits),
      certificate.until?.text ?? "",
    ].joined(separator: ",")
  }
}
