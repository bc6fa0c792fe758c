-- What an account may do: agent, supervisor or admin.
ALTER TABLE account ADD COLUMN role TEXT NOT NULL DEFAULT 'agent';
