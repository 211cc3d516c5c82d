-- What the disk of the database has to hold is more than the content: rows, links, indexes.
CREATE TABLE database_days (
  day date PRIMARY KEY,
  bytes bigint NOT NULL
);
