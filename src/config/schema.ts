/**
 * The file's keys: the single source that validates them, fills in their defaults, and describes them. The original's
 * names are kept as they are. What the program works with is `Config`, made from this in normalise.ts.
 */
import { z } from 'zod'
import { anything, cqlName, duration, listen, matching, names, positiveDuration, secret, text } from './fields.js'
import { redisSchema } from './redis-schema.js'

export type { Config, HttpUser, PairConfig, SyncSettings } from './config.js'

const elasticsearch = z
  .strictObject({
    index: matching(
      /^[^\s,*?"<>|\\/#A-Z_+-][^\s,*?"<>|\\/#A-Z]*$/,
      'must be the name of one index or alias, in lower case',
    )
      .describe('The index, or an alias with one write index.')
      .meta({ examples: ['stream'] }),
    type: text()
      .optional()
      .describe('The mapping type of the original; accepted and not used, as Elasticsearch has no types any more.'),
    include: names()
      .optional()
      .describe('Only these fields are mirrored, in both directions; what is kept out survives on its own side.')
      .meta({ examples: [['user', 'message']] }),
    exclude: names()
      .optional()
      .describe('These fields are not mirrored; they survive on their own side. Has no effect beside include.'),
    timestampField: text()
      .default('timestamp')
      .describe('The field of a document that repeats its _version, as long or date, so that ranges can be queried.'),
    driver: anything()
      .optional()
      .describe(
        'Connection options by the names of the Python client: hosts, http_auth, use_ssl, verify_certs, ca_certs, timeout, api_key, cloud_id and more.',
      )
      .meta({ examples: [{ hosts: ['https://localhost:9200'], http_auth: 'user:secret' }] }),
  })
  .describe('The index of a pair.')

const cassandra = z
  .strictObject({
    keyspace: matching(
      /^\w{1,48}$/,
      'must be the name of a keyspace: letters, digits and _, spelled as Cassandra stores it',
    )
      .describe('The keyspace, spelled as Cassandra stores it.')
      .meta({ examples: ['logs'] }),
    dataColumnFamily: cqlName()
      .describe('The table with the data; its primary key is dataIdFieldName.')
      .meta({ examples: ['data'] }),
    timeseriesColumnFamily: cqlName()
      .default('ts')
      .describe('The table with one entry for each write, ordered by version.'),
    timeseriesIdFieldName: cqlName().default('id').describe('The partition key of the timeseries table.'),
    dataIdFieldName: cqlName().default('did').describe('The column with the uuid of a record, in both tables.'),
    timestampFieldName: cqlName().default('timestamp').describe('The column of the timeseries table with the version.'),
    versioning: z
      .enum(['timeseries', 'writetime'])
      .default('timeseries')
      .describe(
        'Where the version of a row comes from: its newest timeseries entry, or the write time that clients set with USING TIMESTAMP.',
      ),
    timeseriesBuckets: z
      .int()
      .min(1)
      .default(1)
      .describe(
        'How many partitions the timeseries entries are spread over: ids 0 to n−1. The original has one, id 0.',
      ),
    ttl: positiveDuration('must be a whole number of seconds (or a duration such as 1h), from 1 to 630720000')
      .refine((milliseconds) => milliseconds % 1000 === 0 && milliseconds <= 630_720_000_000, {
        error: 'must be a whole number of seconds (or a duration such as 1h), from 1 to 630720000',
      })
      .prefault(3600)
      .describe(
        'How long the timeseries entries live that we write: whole seconds, longer than interval and sync.overlap.',
      ),
    insertQuery: text()
      .optional()
      .describe(
        'More statements for the batch of every write to Cassandra, with placeholders such as %(message)s, which are bound and never pasted.',
      ),
    driver: anything()
      .optional()
      .describe(
        'Connection options by the names of the Python or the Node.js driver: contact_points, port, auth_provider, ssl_options, local_dc and more.',
      )
      .meta({ examples: [{ contact_points: ['127.0.0.1'], port: 9042 }] }),
  })
  .describe('The tables of a pair.')

const deletes = z
  .strictObject({
    field: text()
      .describe('The boolean field that says that a record is deleted.')
      .meta({ examples: ['deleted'] }),
    purgeAfter: positiveDuration()
      .optional()
      .describe(
        'How old a deleted record must be for "caes-sync purge" to remove it from both stores for good. Longer than overlap, ttl and all retries of a window together. Without it nothing is ever removed.',
      )
      .meta({ examples: ['720h'] }),
  })
  .describe('How a delete is written: as a state of the record, at a version of its own.')

/** Without defaults, so that a pair's own block overrides only what it names. */
const settings = {
  unit: z.enum(['s', 'ms', 'us']).describe('What versions count: seconds, milliseconds or microseconds.'),
  settle: duration().describe(
    'How long a write may need to become readable; windows end this long before now. Shorter than freshness.',
  ),
  overlap: positiveDuration().describe(
    'How far behind a window both stores are read again for late writes; half of it is how late a write may land. Shorter than the ttl.',
  ),
  freshness: positiveDuration().describe(
    'How old a reading may be when a write that rests on it is sent; at most a quarter of overlap.',
  ),
  auditInterval: positiveDuration().describe(
    'From one audit to the next. An audit runs the recent past again, for writes that landed later than the overlap.',
  ),
  auditSpan: duration().describe('How far back an audit goes, at most the ttl without two overlaps; 0 for no audits.'),
  fullAuditInterval: duration().describe(
    'From one audit of everything to the next, and the time that its reading is spread over; 0 for none. It begins once a backfill has ended.',
  ),
  fullAuditRate: z.int().min(1).describe('How many records a second an audit of everything reads at most.'),
  direction: z.enum(['both', 'to-cassandra', 'to-elasticsearch']).describe('Which stores are written to.'),
  maxRecordsPerJob: z
    .int()
    .min(1)
    .describe(
      'How many records one job should hold. A window that has more on either side is divided among several jobs.',
    ),
  maxFuture: duration().describe('A record whose version is further ahead of the clock than this is set aside.'),
  nulls: z
    .enum(['needed', 'always'])
    .describe('Whether missing fields become null only where the row has a value, or always.'),
}

const pairSync = z
  .strictObject({ ...settings, deletes })
  .partial()
  .describe('Settings of this pair, over those of the top level.')

const sync = z
  .strictObject({
    unit: settings.unit.default('s'),
    settle: settings.settle.prefault('2s'),
    overlap: settings.overlap.prefault('20s'),
    freshness: settings.freshness.prefault('5s'),
    auditInterval: settings.auditInterval.prefault('10m'),
    auditSpan: settings.auditSpan.prefault('1h'),
    fullAuditInterval: settings.fullAuditInterval.prefault('24h'),
    fullAuditRate: settings.fullAuditRate.default(1_000),
    direction: settings.direction.default('both'),
    maxRecordsPerJob: settings.maxRecordsPerJob.default(20_000),
    maxFuture: settings.maxFuture.prefault('1h'),
    nulls: settings.nulls.default('needed'),
    deletes: deletes.optional(),
  })
  .describe('How windows are read and decided.')

const worker = z
  .strictObject({
    concurrency: z.int().min(1).default(4).describe('Windows that one process works on at a time.'),
    parts: z
      .int()
      .min(0)
      .default(2)
      .describe(
        'Parts of a backfill or a reconciliation that one process works on at a time, beside its windows and behind them; 0 for none.',
      ),
    attempts: z
      .int()
      .min(1)
      .default(5)
      .describe('How often a window is tried before it counts as failed and waits for a hand.'),
    backoff: duration().prefault('2s').describe('The wait before the second attempt; it doubles from there.'),
    lock: positiveDuration()
      .optional()
      .describe(
        'How long a process may be silent before others take over the windows that it works on. Half the interval unless given, but 5 s at least and 30 s at most.',
      ),
    shutdownTimeout: duration()
      .prefault('30s')
      .describe('How long running windows may take to end when the process is asked to stop.'),
  })
  .describe('The processes that work on windows.')

const user = z.strictObject({
  name: text().describe('The name to log in with.'),
  role: z.enum(['viewer', 'operator', 'admin']).describe('What the user may do.'),
  password: secret().describe(
    'What "caes-sync hash-password" prints, or the password itself; or the file with either.',
  ),
})

const http = z
  .strictObject({
    listen: listen()
      .optional()
      .describe('The address of the dashboard (127.0.0.1:9464 unless given); port 0 is a free one.')
      .meta({ examples: ['127.0.0.1:9464'] }),
    users: z
      .array(user)
      .optional()
      .describe('Who may use the dashboard. Needed where it can be reached from other machines.'),
    metrics: z
      .enum(['login', 'open'])
      .default('login')
      .describe('Whether /metrics needs a login where it can be reached from other machines.'),
    behindProxy: z
      .boolean()
      .default(false)
      .describe('A proxy with TLS is the only way in: cookies are for TLS alone, and X-Forwarded-For says who asks.'),
  })
  .describe('Dashboard, status, metrics and health.')

const pair = z.strictObject({
  name: matching(/^[A-Za-z0-9._-]+$/, 'must be made of letters, digits, ".", "_" and "-"')
    .describe('What the pair is called in commands, logs and metrics.')
    .meta({ examples: ['orders'] }),
  ElasticSearchConfig: elasticsearch,
  CassandraConfig: cassandra,
  sync: pairSync.optional(),
})

export const fileSchema = z.strictObject({
  interval: positiveDuration()
    .describe('Seconds from one round to the next. Writes should be readable within this time.')
    .meta({ examples: [60] }),
  ElasticSearchConfig: elasticsearch.optional(),
  CassandraConfig: cassandra.optional(),
  redis: redisSchema.prefault({}),
  sync: sync.prefault({}),
  worker: worker.prefault({}),
  http: http.prefault({}),
  logging: anything()
    .optional()
    .describe("The original's logging block (Python's dictConfig); without one, INFO and more go to stderr."),
  pairs: z.array(pair).optional().describe('More pairs; the top level is the pair "default".'),
})

/** The file as it was checked: the original's names, durations in milliseconds, defaults filled in. */
export type ConfigFile = z.output<typeof fileSchema>
