# For scripts that look at the console in a browser; they read this file, it does nothing by itself.

# The path of a Chromium, or a sentence on what to do.
chromium_path() {
  command -v chromium || command -v chromium-browser || command -v google-chrome || {
    echo "there is no Chromium; run script/setup (Debian: apt install chromium)" >&2
    return 1
  }
}

# The path of a Python with Playwright, axe and a reader of workbooks, fetched from the package index into .build when it is needed.
browser_python() {
  local venv=.build/browser
  if ! "$venv/bin/python" -c "import playwright, axe_playwright_python, openpyxl" 2>/dev/null; then
    echo "fetching Playwright, axe and openpyxl …" >&2
    rm -rf "$venv"
    python3 -m venv "$venv" >&2 || { echo "Python's venv module is missing (Debian: python3-venv); run script/setup" >&2; return 1; }
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check playwright==1.65.2 axe-playwright-python==0.1.8 openpyxl==3.1.5 >&2 || {
      echo "the package index could not be reached. Check the network and run the script again" >&2
      return 1
    }
  fi
  echo "$venv/bin/python"
}
