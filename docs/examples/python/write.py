"""Writes one record on each side, as an application does that shares its data with caes-sync.

    pip install 'elasticsearch>=8,<9' cassandra-driver
    ES_URL=http://127.0.0.1:9200 CASSANDRA=127.0.0.1:9042 python write.py
"""
import os
import time
import uuid

from cassandra import ConsistencyLevel
from cassandra.cluster import EXEC_PROFILE_DEFAULT, Cluster, ExecutionProfile
from cassandra.query import BatchStatement, BatchType
from elasticsearch import ConflictError, Elasticsearch

INDEX = os.environ.get("INDEX", "stream")
KEYSPACE = os.environ.get("KEYSPACE", "logs")


def next_version(known=0):
    """Greater than any version that you know of the record; seconds, as in sync.unit."""
    return max(int(time.time()), known + 1)


def write_document(client, record_id, version, fields):
    """True when it was stored, False when the index holds something newer: nothing to repeat then."""
    try:
        client.index(
            index=INDEX,
            id=str(record_id),
            version=version,
            version_type="external",
            document={**fields, "timestamp": version},
        )
        return True
    except ConflictError:
        return False


def write_row(session, statements, record_id, version, user, message, deleted=False):
    """Both tables in one logged batch. After a time-out send it again with the same version."""
    entry, row = statements
    batch = BatchStatement(BatchType.LOGGED, consistency_level=ConsistencyLevel.LOCAL_QUORUM)
    batch.add(entry, (0, version, record_id))
    batch.add(row, (record_id, user, message, deleted))
    session.execute(batch)


def main():
    elasticsearch = Elasticsearch(os.environ.get("ES_URL", "http://127.0.0.1:9200"))
    host, port = os.environ.get("CASSANDRA", "127.0.0.1:9042").split(":")
    profile = ExecutionProfile(consistency_level=ConsistencyLevel.LOCAL_QUORUM)
    cluster = Cluster([host], port=int(port), execution_profiles={EXEC_PROFILE_DEFAULT: profile})
    session = cluster.connect(KEYSPACE)
    statements = (
        session.prepare("INSERT INTO ts (id, timestamp, did) VALUES (?, ?, ?)"),
        session.prepare('INSERT INTO data (did, "user", message, deleted) VALUES (?, ?, ?, ?)'),
    )

    document, row = uuid.uuid4(), uuid.uuid4()
    write_document(elasticsearch, document, next_version(), {"user": "ann", "message": "from Python"})
    version = next_version()
    write_row(session, statements, row, version, "bob", "from Python")
    # A delete is a state of the record, at a version of its own.
    write_row(session, statements, row, next_version(version), "bob", None, deleted=True)

    print(document, row)
    cluster.shutdown()


if __name__ == "__main__":
    main()
