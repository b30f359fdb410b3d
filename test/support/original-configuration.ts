/** The example of the original's README, unchanged. */
export const originalConfiguration = `
interval: 60

ElasticSearchConfig:
    index: stream
    type: log

CassandraConfig:
    keyspace: logs
    dataColumnFamily: data
    timeseriesColumnFamily: ts
    timeseriesIdFieldName: id
    dataIdFieldName: did
    timestampFieldName: timestamp

logging:
  version: 1

  formatters:
      simple:
        format:  '%(asctime)s %(levelname)s %(name)s %(message)s'
        datefmt: '%Y/%m/%d %H:%M:%S'

  handlers:
      console:
        class: logging.StreamHandler
        formatter: simple
        level: DEBUG

  loggers:
      caes:
        level: DEBUG
        handlers: [console]
        propagate: false

  root:
    level: INFO
    handlers: [console]
`
