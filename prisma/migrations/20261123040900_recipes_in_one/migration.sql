-- The recipes of a request compress and seal better together.
ALTER TABLE request_bodies ADD COLUMN recipes bytea;
ALTER TABLE request_bodies ALTER COLUMN recipes SET STORAGE EXTERNAL;
