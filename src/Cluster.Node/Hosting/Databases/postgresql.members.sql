-- Who is in the cluster, beside the journals: for a node that starts and reaches nobody, and for two clusters that
-- would write the same journals. Run it by hand where the data nodes' role may not create tables, as postgresql.sql.

CREATE TABLE cluster_member (
  node_id text        NOT NULL CONSTRAINT cluster_member_pk PRIMARY KEY,
  -- host:port and Akka's number of the process: another one after each start.
  address text        NOT NULL,
  uid     integer     NOT NULL,
  -- The number of the cluster; whoever forms one takes the next, and those of a lower number give way.
  epoch   bigint      NOT NULL,
  seen_at timestamptz NOT NULL
);
