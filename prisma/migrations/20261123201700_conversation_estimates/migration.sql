-- How many requests of a conversation have a cost that is estimated or a lower bound, so that their sum says it, too.
ALTER TABLE conversations ADD COLUMN estimated_count integer NOT NULL DEFAULT 0;
UPDATE conversations c SET estimated_count = marked.requests
FROM (SELECT conversation_id, count(*) AS requests FROM api_requests
      WHERE cost_confidence IN ('estimated', 'partial') AND conversation_id IS NOT NULL GROUP BY 1) marked
WHERE c.conversation_id = marked.conversation_id;
