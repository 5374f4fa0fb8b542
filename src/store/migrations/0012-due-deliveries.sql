-- needs-code: 1
-- Who has something due is found without a look at what waits for later.
create index delivery_due_of_customer on delivery (kind, customer_code, due_at) where state = 'waiting';
