-- Documents of models and tasks for _search, folded from the journal; all of it can be made again. Run it by hand where
-- the data nodes' role may not create tables, as postgresql.sql.

CREATE TABLE search_projection (
  -- One row: 1.
  id         integer NOT NULL CONSTRAINT search_projection_pk PRIMARY KEY,
  -- Of the documents; another one: they are made again.
  format     integer NOT NULL,
  -- Grows each time they are made again.
  generation bigint  NOT NULL,
  -- False until all of the journal has been read once.
  complete   boolean NOT NULL,
  -- Events up to this one are in the documents.
  read_to    bigint  NOT NULL,
  -- The latest number in search_document. Whoever writes there takes numbers here first, and holds this row until its
  -- transaction ends: so numbers appear in their order.
  seq_nr     bigint  NOT NULL
);

CREATE TABLE search_document (
  -- 1: model, 2: task.
  kind       integer NOT NULL,
  id         text    NOT NULL,
  seq_nr     bigint  NOT NULL,
  -- Number of the entity's event that the document was folded up to.
  journal_nr bigint  NOT NULL,
  -- Epoch milliseconds.
  changed    bigint  NOT NULL,
  -- Rows of deleted documents stay for a while: readers take over changes by their numbers.
  deleted    boolean NOT NULL,
  document   bytea,
  CONSTRAINT search_document_pk PRIMARY KEY (kind, id)
);
CREATE UNIQUE INDEX search_document_seq_nr_idx ON search_document (seq_nr);
