// Preloaded into every process of a matrix run: a process that is not on the Node under test stops at once.
const expected = process.env.UNICALL_EXPECTED_NODE
if (process.version !== expected) {
  process.stderr.write(
    `expected Node ${expected}, but this process runs on ${process.version}: ${process.argv.join(" ")}\n`
  )
  process.exit(86)
}
