/// The administrator's page about the configuration, written from the declaration, so that it cannot fall behind.
public enum ConfigPage {
  public static func markdown(_ entries: [ConfigEntry]) -> String {
    var text = """
      # Configuration

      <!-- Written from Sources/regulars/Config/Config.swift; a test says how to renew it. -->

      `regulars` reads one file of lines `key = value`, where `#` begins a comment line and values stand without quotes. It is the
      file that `--config` names, else the one in the variable `REGULARS_CONFIG`, else `regulars.conf` in the current folder, else
      `/etc/regulars.conf`; with none of them the defaults hold. A variable of the environment outranks the file, and the option
      `--database` outranks both. An unknown key, a repeated one or a value out of bounds is refused with its line, and nothing starts.

      `regulars doctor` prints every key with its value, where it came from, and passwords masked. A file that holds a password
      should be readable by its owner alone (`chmod 600`); `doctor` checks that too.

      ```
      # regulars.conf
      database = postgresql://regulars:secret@db.example/regulars
      log.level = notice
      ```

      | key | variable | default | expected |
      |---|---|---|---|

      """
    for entry in entries {
      text += "| `\(entry.key)` | `\(ConfigEntry.variable(for: entry.key))` | `\(entry.standard)` | \(entry.expected) |\n"
    }
    for entry in entries { text += "\n## `\(entry.key)`\n\n\(entry.help)\n" }
    return text
  }
}
