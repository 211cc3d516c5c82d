-- A login that the provider of single sign-on vouched for: its second factor was the provider's to ask for.

ALTER TABLE user_sessions ADD COLUMN is_from_oidc boolean NOT NULL DEFAULT false;
