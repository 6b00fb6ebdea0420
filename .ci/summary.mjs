// Prints the closing line of CI, "N passed, N failed", from vitest's JSON report; exits with an error unless tests ran and all passed.
import { readFileSync } from "node:fs"

const read = () => {
  try {
    return JSON.parse(readFileSync(process.argv[2], "utf8"))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, success: false, testResults: [] }
  }
}

const report = read()
// A file that cannot be loaded fails without a failed test in it.
const brokenFiles = report.testResults.filter(
  (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed")
)
const counted = report.numFailedTests + brokenFiles.length
const passed = report.numPassedTests
const failed = counted > 0 || (report.success && passed > 0) ? counted : 1
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
