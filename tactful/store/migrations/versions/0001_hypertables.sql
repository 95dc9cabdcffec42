DROP TABLE anomalies;

CREATE TABLE anomalies (
	id UUID DEFAULT gen_random_uuid() NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	live_session_id BIGINT NOT NULL, 
	session_id TEXT NOT NULL, 
	event_id TEXT NOT NULL, 
	timestamp TIMESTAMP WITH TIME ZONE NOT NULL, 
	bin INTEGER NOT NULL, 
	anomaly_type TEXT NOT NULL, 
	severity TEXT NOT NULL, 
	anomaly_score DOUBLE PRECISION NOT NULL, 
	current_engagement DOUBLE PRECISION, 
	expected_engagement DOUBLE PRECISION, 
	deviation DOUBLE PRECISION, 
	reasoning TEXT NOT NULL, 
	signals JSONB DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_anomalies PRIMARY KEY (id, timestamp)
);

CREATE INDEX ix_anomalies_live_session_id ON anomalies (live_session_id, timestamp);

CREATE UNIQUE INDEX uq_anomalies_noticed ON anomalies (live_session_id, anomaly_type, timestamp);

ALTER TABLE anomalies ENABLE ROW LEVEL SECURITY;

ALTER TABLE anomalies FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON anomalies TO service_role;

GRANT SELECT ON anomalies TO operator;

CREATE POLICY anomalies_operator ON anomalies TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

DROP TABLE engagement;

CREATE TABLE engagement (
	live_session_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	bin INTEGER NOT NULL, 
	viewers INTEGER NOT NULL, 
	signals DOUBLE PRECISION NOT NULL, 
	score DOUBLE PRECISION, 
	parts JSONB DEFAULT '{}' NOT NULL
);

CREATE UNIQUE INDEX ix_engagement_live_session_id_at ON engagement (live_session_id, at);

ALTER TABLE engagement ENABLE ROW LEVEL SECURITY;

ALTER TABLE engagement FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON engagement TO service_role;

GRANT SELECT ON engagement TO operator;

CREATE POLICY engagement_operator ON engagement TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

DROP TABLE interventions;

CREATE TABLE interventions (
	id UUID DEFAULT gen_random_uuid() NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	live_session_id BIGINT NOT NULL, 
	session_id TEXT NOT NULL, 
	event_id TEXT NOT NULL, 
	timestamp TIMESTAMP WITH TIME ZONE NOT NULL, 
	type TEXT NOT NULL, 
	confidence DOUBLE PRECISION NOT NULL, 
	reasoning TEXT, 
	outcome JSONB, 
	metadata JSONB DEFAULT '{}' NOT NULL, 
	decision_id BIGINT, 
	actor TEXT, 
	CONSTRAINT pk_interventions PRIMARY KEY (id, timestamp), 
	CONSTRAINT ck_interventions_type CHECK (type IN ('POLL','CHAT_PROMPT','NOTIFICATION','GAMIFICATION'))
);

CREATE INDEX idx_intervention_session ON interventions (session_id, timestamp);

CREATE INDEX ix_interventions_event_id ON interventions (organisation_id, event_id, timestamp);

CREATE INDEX ix_interventions_live_session_id ON interventions (live_session_id, timestamp);

CREATE INDEX ix_interventions_organisation_id ON interventions (organisation_id, timestamp);

ALTER TABLE interventions ENABLE ROW LEVEL SECURITY;

ALTER TABLE interventions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON interventions TO service_role;

GRANT SELECT ON interventions TO operator;

CREATE POLICY interventions_operator ON interventions TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

DROP TABLE live_seconds;

CREATE TABLE live_seconds (
	live_session_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	seq BIGINT NOT NULL, 
	viewers INTEGER NOT NULL, 
	joins INTEGER DEFAULT '0' NOT NULL, 
	leaves INTEGER DEFAULT '0' NOT NULL, 
	chats INTEGER DEFAULT '0' NOT NULL, 
	reactions INTEGER DEFAULT '0' NOT NULL, 
	votes INTEGER DEFAULT '0' NOT NULL, 
	questions INTEGER DEFAULT '0' NOT NULL, 
	hands INTEGER DEFAULT '0' NOT NULL, 
	attention_sum DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	attention_count INTEGER DEFAULT '0' NOT NULL
);

CREATE UNIQUE INDEX ix_live_seconds_live_session_id_at ON live_seconds (live_session_id, at);

ALTER TABLE live_seconds ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_seconds FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_seconds TO service_role;

GRANT SELECT ON live_seconds TO operator;

CREATE POLICY live_seconds_operator ON live_seconds TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

DROP TABLE signals;

CREATE TABLE signals (
	organisation_id BIGINT NOT NULL, 
	live_session_id BIGINT NOT NULL, 
	seq BIGINT NOT NULL, 
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	participant TEXT, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	count INTEGER NOT NULL, 
	value DOUBLE PRECISION, 
	properties JSONB DEFAULT '{}' NOT NULL
);

CREATE INDEX ix_signals_live_session_id_at ON signals (live_session_id, at);

CREATE INDEX ix_signals_participant ON signals (participant) WHERE participant IS NOT NULL;

ALTER TABLE signals ENABLE ROW LEVEL SECURITY;

ALTER TABLE signals FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON signals TO service_role;

GRANT SELECT ON signals TO operator;

CREATE POLICY signals_operator ON signals TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

CREATE SCHEMA IF NOT EXISTS tactful_chunks;


DO $$
DECLARE
  home text := (SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'timescaledb');
  series record;
BEGIN
  FOR series IN SELECT * FROM (VALUES ('anomalies', 'timestamp', '30 days'), ('engagement', 'at', '30 days'), ('interventions', 'timestamp', '30 days'), ('live_seconds', 'at', '1 day'), ('signals', 'at', '1 day')) AS s (name, instant, chunk) LOOP
    EXECUTE format('SELECT %s.create_hypertable(%L::regclass, %L::name, chunk_time_interval => %L::interval,'
                   ' associated_schema_name => %L, create_default_indexes => false)',
                   home, 'public.' || series.name, series.instant, series.chunk, 'tactful_chunks');
  END LOOP;
END $$;
