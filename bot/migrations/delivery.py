"""What delivery asks of the outbox at each look."""

DELIVERY = """
-- Set while another message of the chat comes before it: what may go is found without reading all that waits.
ALTER TABLE outbox ADD COLUMN behind INTEGER NOT NULL DEFAULT 0;
DROP INDEX outbox_queued;
CREATE INDEX outbox_first ON outbox (priority, id) WHERE state = 'queued' AND NOT behind;
CREATE INDEX outbox_later ON outbox (not_before) WHERE state = 'queued' AND not_before > 0;
CREATE INDEX outbox_sending ON outbox (id) WHERE state = 'sending';
CREATE INDEX outbox_repeats ON outbox (id) WHERE state = 'queued' AND uncertain > 0;
CREATE INDEX outbox_texts ON outbox (finished) WHERE text != '';
ALTER TABLE outbox ADD COLUMN listed_in INTEGER REFERENCES outbox (id);  -- state 'expired': the message that lists it
CREATE INDEX outbox_listed ON outbox (listed_in, id) WHERE listed_in IS NOT NULL;
ALTER TABLE chats ADD COLUMN rights_missing INTEGER NOT NULL DEFAULT 0;  -- sends in a row refused for want of a right
ALTER TABLE chats ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0;  -- messages in a row refused for another reason
CREATE INDEX chats_paused ON chats (paused_until) WHERE paused_until > 0;
"""
