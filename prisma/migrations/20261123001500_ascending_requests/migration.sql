-- Request ids ascend: an index in their order is filled page by page, one against it is split in halves.
DROP INDEX api_requests_domain_id_request_id_idx;
CREATE INDEX api_requests_domain_id_request_id_idx ON api_requests (domain_id, request_id);
