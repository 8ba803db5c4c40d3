-- Tables of the journals, format 1. A data node runs this at its first start; where its role may not create tables, run
-- it by hand and grant SELECT, INSERT, UPDATE and DELETE. The columns are those that Akka.Persistence.Sql expects.

CREATE TABLE journal (
  ordering        bigint  GENERATED ALWAYS AS IDENTITY CONSTRAINT "PK_journal" PRIMARY KEY,
  created         bigint  NOT NULL,
  deleted         boolean NOT NULL,
  persistence_id  text    NOT NULL,
  sequence_number bigint  NOT NULL,
  message         bytea   NOT NULL,
  manifest        text,
  identifier      integer,
  writer_uuid     text,
  CONSTRAINT journal_uq UNIQUE (persistence_id, sequence_number)
);
CREATE INDEX journal_created_idx ON journal (created);
CREATE INDEX journal_sequence_number_idx ON journal (sequence_number);

CREATE TABLE tags (
  ordering_id    bigint NOT NULL,
  tag            text   NOT NULL,
  sequence_nr    bigint NOT NULL,
  persistence_id text   NOT NULL,
  CONSTRAINT "PK_tags" PRIMARY KEY (ordering_id, tag)
);
CREATE INDEX tags_persistence_id_sequence_nr_idx ON tags (persistence_id, sequence_nr);
CREATE INDEX tags_tag_idx ON tags (tag);

CREATE TABLE snapshot (
  persistence_id  text   NOT NULL,
  sequence_number bigint NOT NULL,
  created         bigint NOT NULL,
  snapshot        bytea,
  manifest        text,
  serializer_id   integer,
  CONSTRAINT "PK_snapshot" PRIMARY KEY (persistence_id, sequence_number)
);
CREATE INDEX snapshot_created_idx ON snapshot (created);
CREATE INDEX snapshot_sequence_number_idx ON snapshot (sequence_number);

CREATE TABLE model_chunk (
  ordering        bigint  GENERATED ALWAYS AS IDENTITY CONSTRAINT "PK_model_chunk" PRIMARY KEY,
  created         bigint  NOT NULL,
  deleted         boolean NOT NULL,
  persistence_id  text    NOT NULL,
  sequence_number bigint  NOT NULL,
  message         bytea   NOT NULL,
  tags            text,
  manifest        text,
  identifier      integer,
  writer_uuid     text,
  CONSTRAINT model_chunk_uq UNIQUE (persistence_id, sequence_number)
);
CREATE INDEX model_chunk_created_idx ON model_chunk (created);
CREATE INDEX model_chunk_sequence_number_idx ON model_chunk (sequence_number);
-- Weights hardly shrink: the server does not try.
ALTER TABLE model_chunk ALTER COLUMN message SET STORAGE EXTERNAL;

CREATE TABLE journal_format (version integer NOT NULL);
INSERT INTO journal_format VALUES (1);
