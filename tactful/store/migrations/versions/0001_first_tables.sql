CREATE SEQUENCE decisions_id_seq AS bigint CACHE 1;

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
)
 PARTITION BY RANGE (timestamp);

CREATE INDEX ix_anomalies_live_session_id ON anomalies (live_session_id, timestamp);

CREATE UNIQUE INDEX uq_anomalies_noticed ON anomalies (live_session_id, anomaly_type, timestamp);

CREATE TABLE chat_heard (
	channel TEXT NOT NULL, 
	account TEXT NOT NULL, 
	key TEXT NOT NULL, 
	place BIGINT, 
	heard_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_chat_heard PRIMARY KEY (channel, account, key)
);

CREATE INDEX ix_chat_heard_heard_at ON chat_heard (heard_at);

CREATE INDEX ix_chat_heard_place ON chat_heard (channel, account, place);

CREATE TABLE configurations (
	print TEXT NOT NULL, 
	body JSONB DEFAULT '{}' NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_configurations PRIMARY KEY (print)
);

CREATE TABLE decisions (
	id BIGINT DEFAULT nextval('decisions_id_seq') NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	person_id BIGINT, 
	live_session_id BIGINT, 
	tick_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	result TEXT NOT NULL, 
	policy TEXT NOT NULL, 
	kinds TEXT[] NOT NULL, 
	triggers TEXT[] NOT NULL, 
	priorities INTEGER[] NOT NULL, 
	expected DOUBLE PRECISION[] NOT NULL, 
	verdicts BIGINT[] NOT NULL, 
	chosen TEXT, 
	due_at TIMESTAMP WITH TIME ZONE, 
	propensity DOUBLE PRECISION NOT NULL, 
	draw DOUBLE PRECISION NOT NULL, 
	facts JSONB DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_decisions PRIMARY KEY (id, at), 
	CONSTRAINT ck_decisions_about CHECK (num_nonnulls(person_id, live_session_id) = 1)
)
 PARTITION BY RANGE (at);

CREATE INDEX ix_decisions_live_session_id_at ON decisions (live_session_id, at) WHERE live_session_id IS NOT NULL;

CREATE INDEX ix_decisions_organisation_id_at ON decisions (organisation_id, at, id);

CREATE INDEX ix_decisions_organisation_id_result_at ON decisions (organisation_id, result, at, id) WHERE result <> 'silent';

CREATE INDEX ix_decisions_person_id_at ON decisions (person_id, at);

CREATE TABLE engagement (
	live_session_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	bin INTEGER NOT NULL, 
	viewers INTEGER NOT NULL, 
	signals DOUBLE PRECISION NOT NULL, 
	score DOUBLE PRECISION, 
	parts JSONB DEFAULT '{}' NOT NULL
)
 PARTITION BY RANGE (at);

CREATE UNIQUE INDEX ix_engagement_live_session_id_at ON engagement (live_session_id, at);

CREATE TABLE event_keys (
	organisation_id BIGINT NOT NULL, 
	id TEXT NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_event_keys PRIMARY KEY (organisation_id, id)
);

CREATE INDEX ix_event_keys_received_at ON event_keys USING brin (received_at);

CREATE TABLE events (
	organisation_id BIGINT NOT NULL, 
	person_id BIGINT NOT NULL, 
	id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	occurred_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	content_id TEXT, 
	skill_id TEXT, 
	topic TEXT, 
	properties JSONB DEFAULT '{}' NOT NULL
)
 PARTITION BY RANGE (occurred_at);

CREATE INDEX ix_events_person_id_occurred_at ON events (person_id, occurred_at);

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
)
 PARTITION BY RANGE (timestamp);

CREATE INDEX idx_intervention_session ON interventions (session_id, timestamp);

CREATE INDEX ix_interventions_event_id ON interventions (organisation_id, event_id, timestamp);

CREATE INDEX ix_interventions_live_session_id ON interventions (live_session_id, timestamp);

CREATE INDEX ix_interventions_organisation_id ON interventions (organisation_id, timestamp);

CREATE TABLE job_hours (
	hour TIMESTAMP WITH TIME ZONE NOT NULL, 
	name TEXT NOT NULL, 
	runs BIGINT DEFAULT '0' NOT NULL, 
	failed BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_job_hours PRIMARY KEY (hour, name)
);

CREATE TABLE live_arms (
	organisation_id BIGINT NOT NULL, 
	arm TEXT NOT NULL, 
	body JSONB DEFAULT '{}' NOT NULL, 
	learned_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_live_arms PRIMARY KEY (organisation_id, arm)
);

CREATE TABLE live_attention (
	live_session_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	last_by_kind JSONB DEFAULT '{}' NOT NULL, 
	acted INTEGER DEFAULT '0' NOT NULL, 
	templates TEXT[] DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_live_attention PRIMARY KEY (live_session_id)
);

CREATE TABLE live_counts (
	live_session_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	seq BIGINT DEFAULT '0' NOT NULL, 
	viewers INTEGER DEFAULT '0' NOT NULL, 
	nameless INTEGER DEFAULT '0' NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_live_counts PRIMARY KEY (live_session_id)
);

CREATE TABLE live_holders (
	holder TEXT NOT NULL, 
	until TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_live_holders PRIMARY KEY (holder)
);

CREATE TABLE live_participants (
	live_session_id BIGINT NOT NULL, 
	participant TEXT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	present BOOLEAN NOT NULL, 
	since TIMESTAMP WITH TIME ZONE NOT NULL, 
	first_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	last_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	chats INTEGER DEFAULT '0' NOT NULL, 
	reactions INTEGER DEFAULT '0' NOT NULL, 
	votes INTEGER DEFAULT '0' NOT NULL, 
	questions INTEGER DEFAULT '0' NOT NULL, 
	hands INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_live_participants PRIMARY KEY (live_session_id, participant)
);

CREATE INDEX ix_live_participants_participant ON live_participants (organisation_id, participant);

CREATE TABLE live_partitions (
	partition SMALLINT NOT NULL, 
	epoch BIGINT DEFAULT '0' NOT NULL, 
	holder TEXT, 
	CONSTRAINT pk_live_partitions PRIMARY KEY (partition)
);

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
)
 PARTITION BY RANGE (at);

CREATE UNIQUE INDEX ix_live_seconds_live_session_id_at ON live_seconds (live_session_id, at);

CREATE TABLE organisations (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	name TEXT NOT NULL, 
	zone TEXT DEFAULT 'UTC' NOT NULL, 
	seed BIGINT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_organisations PRIMARY KEY (id), 
	CONSTRAINT uq_organisations_name UNIQUE (name)
);

CREATE TABLE passes (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	name TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	configuration TEXT NOT NULL, 
	cursor BIGINT DEFAULT '0' NOT NULL, 
	people BIGINT DEFAULT '0' NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	abandoned_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_passes PRIMARY KEY (id)
);

CREATE UNIQUE INDEX uq_passes_name_at ON passes (name, at) WHERE abandoned_at IS NULL;

CREATE TABLE person_day (
	person_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	zone TEXT NOT NULL, 
	events INTEGER DEFAULT '0' NOT NULL, 
	sessions INTEGER DEFAULT '0' NOT NULL, 
	completions INTEGER DEFAULT '0' NOT NULL, 
	score_sum DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	score_count INTEGER DEFAULT '0' NOT NULL, 
	sentiment_sum DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	sentiment_count INTEGER DEFAULT '0' NOT NULL, 
	seconds DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_person_day PRIMARY KEY (person_id, day)
)
 PARTITION BY RANGE (day);

CREATE TABLE person_form (
	person_id BIGINT NOT NULL, 
	last_at TIMESTAMP WITH TIME ZONE, 
	answers BIGINT, 
	hits BIGINT, 
	last_hit DOUBLE PRECISION, 
	hits_run INTEGER, 
	last_20 INTEGER, 
	hits_5 DOUBLE PRECISION, 
	hits_20 DOUBLE PRECISION, 
	hits_100 DOUBLE PRECISION, 
	fresh_hits DOUBLE PRECISION, 
	fresh DOUBLE PRECISION, 
	held_hits DOUBLE PRECISION, 
	held DOUBLE PRECISION, 
	regained_hits DOUBLE PRECISION, 
	regained DOUBLE PRECISION, 
	new_by_days DOUBLE PRECISION, 
	new_by_answers DOUBLE PRECISION, 
	sitting_at TIMESTAMP WITH TIME ZONE, 
	away_days DOUBLE PRECISION, 
	sitting_answers INTEGER, 
	sitting_spaced INTEGER, 
	sitting_hits INTEGER, 
	pace DOUBLE PRECISION, 
	memory_scale DOUBLE PRECISION, 
	memory_scale_doubt DOUBLE PRECISION, 
	memory_steepness DOUBLE PRECISION, 
	memory_steepness_doubt DOUBLE PRECISION, 
	organisation_id BIGINT NOT NULL, 
	CONSTRAINT pk_person_form PRIMARY KEY (person_id)
);

CREATE TABLE person_hour (
	person_id BIGINT NOT NULL, 
	hour SMALLINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	events INTEGER DEFAULT '0' NOT NULL, 
	score_sum DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	score_count INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_person_hour PRIMARY KEY (person_id, hour)
);

CREATE TABLE person_memory (
	person_id BIGINT NOT NULL, 
	skill_id TEXT NOT NULL, 
	topic_id TEXT, 
	first_at TIMESTAMP WITH TIME ZONE, 
	last_at TIMESTAMP WITH TIME ZONE, 
	answers INTEGER, 
	hits INTEGER, 
	first_answer BIGINT, 
	last_answer BIGINT, 
	last_hit_answer BIGINT, 
	last_miss_answer BIGINT, 
	first_hit DOUBLE PRECISION, 
	last_hit DOUBLE PRECISION, 
	before_last_hit DOUBLE PRECISION, 
	hits_run INTEGER, 
	misses_run INTEGER, 
	latest DOUBLE PRECISION, 
	recent DOUBLE PRECISION, 
	hits_kept DOUBLE PRECISION, 
	misses_kept DOUBLE PRECISION, 
	spaced INTEGER, 
	spaced_hits INTEGER, 
	spaced_run INTEGER, 
	last_spaced_hit DOUBLE PRECISION, 
	last_spaced_at TIMESTAMP WITH TIME ZONE, 
	gap_days DOUBLE PRECISION, 
	gap_answers DOUBLE PRECISION, 
	held_answers DOUBLE PRECISION, 
	sitting_answers INTEGER, 
	sitting_misses INTEGER, 
	first_pace DOUBLE PRECISION, 
	last_pace DOUBLE PRECISION, 
	recent_pace DOUBLE PRECISION, 
	stability DOUBLE PRECISION, 
	difficulty DOUBLE PRECISION, 
	shown DOUBLE PRECISION, 
	peak DOUBLE PRECISION, 
	later_hits INTEGER, 
	surprise DOUBLE PRECISION, 
	organisation_id BIGINT NOT NULL, 
	CONSTRAINT pk_person_memory PRIMARY KEY (person_id, skill_id)
);

CREATE TABLE person_session (
	person_id BIGINT NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	day DATE NOT NULL, 
	events INTEGER NOT NULL, 
	CONSTRAINT pk_person_session PRIMARY KEY (person_id, started_at)
);

CREATE TABLE person_skill (
	person_id BIGINT NOT NULL, 
	skill_id TEXT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	score_sum DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	last_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_person_skill PRIMARY KEY (person_id, skill_id)
);

CREATE TABLE person_surprises (
	person_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	residual DOUBLE PRECISION NOT NULL, 
	information DOUBLE PRECISION NOT NULL, 
	CONSTRAINT pk_person_surprises PRIMARY KEY (person_id)
);

CREATE TABLE person_topic (
	person_id BIGINT NOT NULL, 
	topic_id TEXT NOT NULL, 
	answers INTEGER, 
	hits INTEGER, 
	recent DOUBLE PRECISION, 
	first_hit DOUBLE PRECISION, 
	last_hit DOUBLE PRECISION, 
	last_answer BIGINT, 
	surprise DOUBLE PRECISION, 
	organisation_id BIGINT NOT NULL, 
	CONSTRAINT pk_person_topic PRIMARY KEY (person_id, topic_id)
);

CREATE TABLE practice_content (
	organisation_id BIGINT NOT NULL, 
	content_id TEXT NOT NULL, 
	attempts BIGINT, 
	successes DOUBLE PRECISION, 
	started_level DOUBLE PRECISION, 
	started_doubt DOUBLE PRECISION, 
	pulled DOUBLE PRECISION, 
	certainty DOUBLE PRECISION, 
	skill_id TEXT, 
	CONSTRAINT pk_practice_content PRIMARY KEY (organisation_id, content_id)
);

CREATE TABLE practice_person (
	person_id BIGINT NOT NULL, 
	attempts INTEGER, 
	successes DOUBLE PRECISION, 
	level DOUBLE PRECISION, 
	doubt DOUBLE PRECISION, 
	recent DOUBLE PRECISION, 
	weight DOUBLE PRECISION, 
	surprise DOUBLE PRECISION, 
	streak INTEGER, 
	surprise_long DOUBLE PRECISION, 
	topics INTEGER, 
	topic TEXT, 
	run INTEGER, 
	sitting_at TIMESTAMP WITH TIME ZONE, 
	sitting INTEGER, 
	load DOUBLE PRECISION, 
	last_at TIMESTAMP WITH TIME ZONE, 
	organisation_id BIGINT NOT NULL, 
	CONSTRAINT pk_practice_person PRIMARY KEY (person_id)
);

CREATE TABLE practice_person_content (
	person_id BIGINT NOT NULL, 
	content_id TEXT NOT NULL, 
	attempts INTEGER, 
	successes DOUBLE PRECISION, 
	level DOUBLE PRECISION, 
	doubt DOUBLE PRECISION, 
	recent DOUBLE PRECISION, 
	weight DOUBLE PRECISION, 
	last_success DOUBLE PRECISION, 
	number INTEGER, 
	last_at TIMESTAMP WITH TIME ZONE, 
	organisation_id BIGINT NOT NULL, 
	CONSTRAINT pk_practice_person_content PRIMARY KEY (person_id, content_id)
);

CREATE TABLE practice_person_skill (
	person_id BIGINT NOT NULL, 
	skill_id TEXT NOT NULL, 
	attempts INTEGER, 
	successes DOUBLE PRECISION, 
	level DOUBLE PRECISION, 
	doubt DOUBLE PRECISION, 
	recent DOUBLE PRECISION, 
	weight DOUBLE PRECISION, 
	surprise DOUBLE PRECISION, 
	streak INTEGER, 
	number INTEGER, 
	last_at TIMESTAMP WITH TIME ZONE, 
	organisation_id BIGINT NOT NULL, 
	CONSTRAINT pk_practice_person_skill PRIMARY KEY (person_id, skill_id)
);

CREATE TABLE practice_skill (
	organisation_id BIGINT NOT NULL, 
	skill_id TEXT NOT NULL, 
	attempts BIGINT, 
	successes DOUBLE PRECISION, 
	started_level DOUBLE PRECISION, 
	started_doubt DOUBLE PRECISION, 
	pulled DOUBLE PRECISION, 
	certainty DOUBLE PRECISION, 
	CONSTRAINT pk_practice_skill PRIMARY KEY (organisation_id, skill_id)
);

CREATE TABLE quick_action_totals (
	organisation_id BIGINT NOT NULL, 
	action_id TEXT NOT NULL, 
	page TEXT NOT NULL, 
	weight DOUBLE PRECISION NOT NULL, 
	last_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_quick_action_totals PRIMARY KEY (organisation_id, action_id, page)
);

CREATE TABLE quick_action_uses (
	person_id BIGINT NOT NULL, 
	action_id TEXT NOT NULL, 
	page TEXT NOT NULL, 
	part SMALLINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	weight DOUBLE PRECISION NOT NULL, 
	last_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_quick_action_uses PRIMARY KEY (person_id, action_id, page, part)
);

CREATE INDEX ix_quick_action_uses_last_at ON quick_action_uses USING brin (last_at);

CREATE TABLE sign_in_tries (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	who TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_sign_in_tries PRIMARY KEY (id)
);

CREATE INDEX ix_sign_in_tries_who_at ON sign_in_tries (who, at);

CREATE TABLE signal_keys (
	live_session_id BIGINT NOT NULL, 
	id TEXT NOT NULL, 
	received_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_signal_keys PRIMARY KEY (live_session_id, id)
);

CREATE INDEX ix_signal_keys_received_at ON signal_keys USING brin (received_at);

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
)
 PARTITION BY RANGE (at);

CREATE INDEX ix_signals_live_session_id_at ON signals (live_session_id, at);

CREATE INDEX ix_signals_participant ON signals (participant) WHERE participant IS NOT NULL;

CREATE TABLE skill_curve (
	person_id BIGINT NOT NULL, 
	skill_id TEXT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	topic TEXT, 
	attempts INTEGER NOT NULL, 
	score_sum DOUBLE PRECISION NOT NULL, 
	first_day DATE NOT NULL, 
	last_day DATE NOT NULL, 
	sums DOUBLE PRECISION[] NOT NULL, 
	days INTEGER[] NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_skill_curve PRIMARY KEY (person_id, skill_id)
);

CREATE TABLE skill_sums (
	organisation_id BIGINT NOT NULL, 
	skill_id TEXT NOT NULL, 
	asked BIGINT, 
	surprise DOUBLE PRECISION, 
	first BIGINT, 
	first_hits BIGINT, 
	later BIGINT, 
	later_hits BIGINT, 
	CONSTRAINT pk_skill_sums PRIMARY KEY (organisation_id, skill_id)
);

CREATE TABLE ticks (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	scope TEXT NOT NULL, 
	policy TEXT NOT NULL, 
	configuration TEXT NOT NULL, 
	own_upto BIGINT DEFAULT '0' NOT NULL, 
	cursor BIGINT DEFAULT '0' NOT NULL, 
	people BIGINT DEFAULT '0' NOT NULL, 
	reached BIGINT DEFAULT '0' NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	abandoned_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_ticks PRIMARY KEY (id)
);

CREATE INDEX ix_ticks_scheduled ON ticks (id) WHERE scope NOT IN ('ask','help','live');

CREATE INDEX ix_ticks_unfinished ON ticks (at) WHERE finished_at IS NULL AND abandoned_at IS NULL;

CREATE UNIQUE INDEX uq_ticks_at_scope ON ticks (at, scope) WHERE scope NOT IN ('ask','help','live') AND abandoned_at IS NULL;

CREATE TABLE topic_sums (
	organisation_id BIGINT NOT NULL, 
	topic_id TEXT NOT NULL, 
	asked BIGINT, 
	surprise DOUBLE PRECISION, 
	first BIGINT, 
	first_hits BIGINT, 
	CONSTRAINT pk_topic_sums PRIMARY KEY (organisation_id, topic_id)
);

CREATE TABLE user_engagements (
	organization_id BIGINT NOT NULL, 
	user_id BIGINT NOT NULL, 
	id TEXT NOT NULL, 
	telegram_id BIGINT, 
	engagement_type TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	session_id TEXT, 
	message_text TEXT, 
	previous_bot_message TEXT, 
	sentiment_score DOUBLE PRECISION, 
	sentiment_type TEXT, 
	sentiment_confidence DOUBLE PRECISION, 
	emotion TEXT, 
	emotion_group TEXT, 
	engagement_quality_score DOUBLE PRECISION, 
	topics TEXT[] DEFAULT '{}' NOT NULL, 
	language TEXT, 
	occurred_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL
)
 PARTITION BY RANGE (occurred_at);

CREATE INDEX ix_user_engagements_id ON user_engagements (user_id, id);

CREATE INDEX ix_user_engagements_user_id_occurred_at ON user_engagements (user_id, occurred_at, id);

CREATE INDEX ix_user_engagements_worded ON user_engagements (occurred_at) WHERE message_text IS NOT NULL OR previous_bot_message IS NOT NULL;

CREATE TABLE audit_log (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	actor TEXT NOT NULL, 
	act TEXT NOT NULL, 
	detail JSONB DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_audit_log PRIMARY KEY (id), 
	CONSTRAINT fk_audit_log_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_audit_log_organisation_id_act_id ON audit_log (organisation_id, act, id);

CREATE INDEX ix_audit_log_organisation_id_id ON audit_log (organisation_id, id);

CREATE TABLE content (
	organisation_id BIGINT NOT NULL, 
	id TEXT NOT NULL, 
	kind TEXT DEFAULT 'lesson' NOT NULL, 
	title TEXT, 
	difficulty DOUBLE PRECISION, 
	prerequisites TEXT[] DEFAULT '{}' NOT NULL, 
	topics TEXT[] DEFAULT '{}' NOT NULL, 
	skills TEXT[] DEFAULT '{}' NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_content PRIMARY KEY (organisation_id, id), 
	CONSTRAINT fk_content_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE counted_days (
	organisation_id BIGINT NOT NULL, 
	what TEXT NOT NULL, 
	day DATE NOT NULL, 
	counted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_counted_days PRIMARY KEY (organisation_id, what, day), 
	CONSTRAINT fk_counted_days_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE ended_tokens (
	organisation_id BIGINT NOT NULL, 
	mark TEXT NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_ended_tokens PRIMARY KEY (organisation_id, mark), 
	CONSTRAINT fk_ended_tokens_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_ended_tokens_ended_at ON ended_tokens (ended_at);

CREATE TABLE engagement_milestones (
	organization_id BIGINT NOT NULL, 
	milestone_name TEXT NOT NULL, 
	display_name TEXT NOT NULL, 
	description TEXT DEFAULT '' NOT NULL, 
	metric_name TEXT NOT NULL, 
	target_value DOUBLE PRECISION NOT NULL, 
	metric_type TEXT NOT NULL, 
	category TEXT NOT NULL, 
	difficulty_level INTEGER NOT NULL, 
	points INTEGER NOT NULL, 
	is_active BOOLEAN DEFAULT 'true' NOT NULL, 
	version INTEGER DEFAULT '1' NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_engagement_milestones PRIMARY KEY (organization_id, milestone_name), 
	CONSTRAINT fk_engagement_milestones_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE erased_people (
	organisation_id BIGINT NOT NULL, 
	mark TEXT NOT NULL, 
	erased_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_erased_people PRIMARY KEY (organisation_id, mark), 
	CONSTRAINT fk_erased_people_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE errands (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	name TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	said TEXT DEFAULT '' NOT NULL, 
	failed BOOLEAN DEFAULT 'false' NOT NULL, 
	done BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_errands PRIMARY KEY (id), 
	CONSTRAINT fk_errands_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_errands_organisation_id ON errands (organisation_id, name, id);

CREATE UNIQUE INDEX uq_errands_open ON errands (organisation_id, name) WHERE finished_at IS NULL;

CREATE TABLE experiments (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	name TEXT NOT NULL, 
	what TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	variants JSONB DEFAULT '[]' NOT NULL, 
	counts INTEGER[] NOT NULL, 
	harm_margin DOUBLE PRECISION NOT NULL, 
	promote_winner BOOLEAN NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE, 
	started_by TEXT NOT NULL, 
	stopped_at TIMESTAMP WITH TIME ZONE, 
	stopped_because TEXT, 
	promoted TEXT, 
	CONSTRAINT pk_experiments PRIMARY KEY (id), 
	CONSTRAINT ck_experiments_what CHECK (what IN ('wording')), 
	CONSTRAINT ck_experiments_stopped_because CHECK (stopped_because IN ('hand','harm','time','winner')), 
	CONSTRAINT fk_experiments_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_experiments_organisation_id_name ON experiments (organisation_id, name);

CREATE UNIQUE INDEX uq_experiments_running ON experiments (organisation_id, what, kind) WHERE stopped_at IS NULL;

CREATE TABLE groups (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	external_id TEXT NOT NULL, 
	name TEXT, 
	CONSTRAINT pk_groups PRIMARY KEY (id), 
	CONSTRAINT uq_groups_organisation_id_external_id UNIQUE (organisation_id, external_id), 
	CONSTRAINT fk_groups_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE imports (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	print TEXT NOT NULL, 
	rows_done BIGINT DEFAULT '0' NOT NULL, 
	rows_rejected BIGINT DEFAULT '0' NOT NULL, 
	started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	finished_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_imports PRIMARY KEY (id), 
	CONSTRAINT fk_imports_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_imports_print ON imports (organisation_id, print);

CREATE TABLE intervention_days (
	organisation_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	kind TEXT NOT NULL, 
	channel TEXT NOT NULL, 
	template TEXT NOT NULL, 
	decided BIGINT DEFAULT '0' NOT NULL, 
	shown BIGINT DEFAULT '0' NOT NULL, 
	engaged BIGINT DEFAULT '0' NOT NULL, 
	dismissed BIGINT DEFAULT '0' NOT NULL, 
	snoozed BIGINT DEFAULT '0' NOT NULL, 
	ignored BIGINT DEFAULT '0' NOT NULL, 
	unanswered BIGINT DEFAULT '0' NOT NULL, 
	withdrawn BIGINT DEFAULT '0' NOT NULL, 
	shadowed BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_intervention_days PRIMARY KEY (organisation_id, day, kind, channel, template), 
	CONSTRAINT fk_intervention_days_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE language_model_calls (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	live_session_id BIGINT, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	model TEXT NOT NULL, 
	purpose TEXT NOT NULL, 
	input_tokens INTEGER DEFAULT '0' NOT NULL, 
	output_tokens INTEGER DEFAULT '0' NOT NULL, 
	cost DOUBLE PRECISION NOT NULL, 
	latency_ms DOUBLE PRECISION, 
	outcome TEXT DEFAULT 'claimed' NOT NULL, 
	error TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_language_model_calls PRIMARY KEY (id), 
	CONSTRAINT ck_language_model_calls_outcome CHECK (outcome IN ('claimed','written','unfit','malformed','refused','late','busy','denied','failed')), 
	CONSTRAINT ck_language_model_calls_purpose CHECK (purpose IN ('POLL','CHAT_PROMPT','OUTREACH')), 
	CONSTRAINT fk_language_model_calls_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_language_model_calls_live_session_id ON language_model_calls (live_session_id, purpose, at);

CREATE INDEX ix_language_model_calls_organisation_id ON language_model_calls (organisation_id, at);

CREATE TABLE live_sessions (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	session_id TEXT NOT NULL, 
	event_id TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	topic TEXT DEFAULT '' NOT NULL, 
	language TEXT DEFAULT 'en' NOT NULL, 
	mode TEXT NOT NULL, 
	state TEXT DEFAULT 'planned' NOT NULL, 
	starts_at TIMESTAMP WITH TIME ZONE, 
	ends_at TIMESTAMP WITH TIME ZONE, 
	started_at TIMESTAMP WITH TIME ZONE, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	prior_level DOUBLE PRECISION, 
	prior_spread DOUBLE PRECISION, 
	level DOUBLE PRECISION, 
	revision INTEGER DEFAULT '0' NOT NULL, 
	seed BIGINT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_live_sessions PRIMARY KEY (id), 
	CONSTRAINT uq_live_sessions_organisation_id_session_id UNIQUE (organisation_id, session_id), 
	CONSTRAINT ck_live_sessions_mode CHECK (mode IN ('manual','semi_automatic','automatic')), 
	CONSTRAINT ck_live_sessions_state CHECK (state IN ('planned','live','ended')), 
	CONSTRAINT ck_live_sessions_ends_at CHECK (ends_at > starts_at), 
	CONSTRAINT fk_live_sessions_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_live_sessions_ended_at ON live_sessions (organisation_id, ended_at) WHERE state = 'ended';

CREATE INDEX ix_live_sessions_event_id ON live_sessions (organisation_id, event_id);

CREATE INDEX ix_live_sessions_live ON live_sessions (id) WHERE state = 'live';

CREATE TABLE looked_hours (
	organisation_id BIGINT NOT NULL, 
	hour TIMESTAMP WITH TIME ZONE NOT NULL, 
	moments BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_looked_hours PRIMARY KEY (organisation_id, hour), 
	CONSTRAINT fk_looked_hours_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE model_versions (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT, 
	capability TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	trained_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	window_from TIMESTAMP WITH TIME ZONE NOT NULL, 
	window_to TIMESTAMP WITH TIME ZONE NOT NULL, 
	lessons BIGINT NOT NULL, 
	people BIGINT NOT NULL, 
	data_print TEXT NOT NULL, 
	together BOOLEAN DEFAULT 'false' NOT NULL, 
	print TEXT NOT NULL, 
	parameters JSONB DEFAULT '{}' NOT NULL, 
	metrics JSONB DEFAULT '{}' NOT NULL, 
	promoted_at TIMESTAMP WITH TIME ZONE, 
	retired_at TIMESTAMP WITH TIME ZONE, 
	decided_by TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	CONSTRAINT pk_model_versions PRIMARY KEY (id), 
	CONSTRAINT fk_model_versions_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_model_versions_serving ON model_versions (organisation_id, capability) NULLS NOT DISTINCT WHERE promoted_at IS NOT NULL AND retired_at IS NULL;

CREATE UNIQUE INDEX uq_model_versions_version ON model_versions (organisation_id, capability, version) NULLS NOT DISTINCT;

CREATE TABLE operator_alerts (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	about TEXT DEFAULT '' NOT NULL, 
	value DOUBLE PRECISION NOT NULL, 
	bound DOUBLE PRECISION NOT NULL, 
	sentence TEXT NOT NULL, 
	raised_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	told_at TIMESTAMP WITH TIME ZONE, 
	cleared_at TIMESTAMP WITH TIME ZONE, 
	cleared_because TEXT, 
	passed_at TIMESTAMP WITH TIME ZONE, 
	passed_over_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_operator_alerts PRIMARY KEY (id), 
	CONSTRAINT fk_operator_alerts_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_operator_alerts_organisation_id_id ON operator_alerts (organisation_id, id);

CREATE INDEX ix_operator_alerts_told_at ON operator_alerts (told_at);

CREATE UNIQUE INDEX uq_operator_alerts_open ON operator_alerts (organisation_id, kind, about) WHERE cleared_at IS NULL;

CREATE TABLE operators (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	email TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	role TEXT NOT NULL, 
	password_hash TEXT, 
	subject TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	disabled_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_operators PRIMARY KEY (id), 
	CONSTRAINT fk_operators_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT uq_operators_email UNIQUE (email), 
	CONSTRAINT uq_operators_subject UNIQUE (subject)
);

CREATE INDEX ix_operators_organisation_id ON operators (organisation_id);

CREATE TABLE outbox (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	mark UUID DEFAULT gen_random_uuid() NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	channel TEXT NOT NULL, 
	body JSONB DEFAULT '{}' NOT NULL, 
	written_at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL, 
	published_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_outbox PRIMARY KEY (id), 
	CONSTRAINT fk_outbox_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_outbox_waiting ON outbox (id) WHERE published_at IS NULL;

CREATE TABLE own_kind_trials (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	version INTEGER NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	actor TEXT NOT NULL, 
	result JSONB DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_own_kind_trials PRIMARY KEY (id), 
	CONSTRAINT fk_own_kind_trials_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_own_kind_trials_version ON own_kind_trials (organisation_id, version, at);

CREATE TABLE own_settings (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	area TEXT NOT NULL, 
	version INTEGER NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	actor TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	body JSONB DEFAULT '{}' NOT NULL, 
	changes JSONB DEFAULT '{}' NOT NULL, 
	undoes BIGINT, 
	CONSTRAINT pk_own_settings PRIMARY KEY (id), 
	CONSTRAINT fk_own_settings_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_own_settings_version ON own_settings (organisation_id, area, version);

CREATE TABLE pauses (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	scope TEXT NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	mode TEXT DEFAULT 'pause' NOT NULL, 
	reason TEXT DEFAULT '' NOT NULL, 
	actor TEXT NOT NULL, 
	since TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_pauses PRIMARY KEY (id), 
	CONSTRAINT fk_pauses_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_pauses_scope ON pauses (organisation_id, scope, name, mode);

CREATE TABLE people (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	external_id TEXT NOT NULL, 
	name TEXT, 
	zone TEXT DEFAULT 'UTC' NOT NULL, 
	zone_source TEXT DEFAULT 'default' NOT NULL, 
	locale TEXT DEFAULT 'en' NOT NULL, 
	consent JSONB DEFAULT '{}' NOT NULL, 
	holdout_bucket SMALLINT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_people PRIMARY KEY (id), 
	CONSTRAINT uq_people_organisation_id_external_id UNIQUE (organisation_id, external_id), 
	CONSTRAINT fk_people_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_people_words ON people USING gin (array_to_tsvector(string_to_array(btrim(regexp_replace(lower(("left"(external_id, 255) || ' '::text) || "left"(COALESCE(name, ''::text), 255)), '(\W|_)+'::text, ' '::text, 'g'::text)), ' '::text)));

CREATE TABLE reckonings (
	organisation_id BIGINT NOT NULL, 
	name TEXT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	body JSONB DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_reckonings PRIMARY KEY (organisation_id, name), 
	CONSTRAINT fk_reckonings_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE response_hours (
	organisation_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	hour SMALLINT NOT NULL, 
	delivered BIGINT DEFAULT '0' NOT NULL, 
	engaged BIGINT DEFAULT '0' NOT NULL, 
	dismissed BIGINT DEFAULT '0' NOT NULL, 
	snoozed BIGINT DEFAULT '0' NOT NULL, 
	ignored BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_response_hours PRIMARY KEY (organisation_id, day, hour), 
	CONSTRAINT fk_response_hours_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE result_days (
	organisation_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	about TEXT NOT NULL, 
	result TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	decisions BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_result_days PRIMARY KEY (organisation_id, day, about, result, kind), 
	CONSTRAINT fk_result_days_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE risk_scales (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	medium DOUBLE PRECISION NOT NULL, 
	high DOUBLE PRECISION NOT NULL, 
	critical DOUBLE PRECISION NOT NULL, 
	CONSTRAINT pk_risk_scales PRIMARY KEY (id), 
	CONSTRAINT fk_risk_scales_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_risk_scales_organisation_id_at ON risk_scales (organisation_id, at);

CREATE TABLE service_tokens (
	id TEXT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	scope TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE, 
	revoked_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_service_tokens PRIMARY KEY (id), 
	CONSTRAINT fk_service_tokens_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE skills (
	organisation_id BIGINT NOT NULL, 
	id TEXT NOT NULL, 
	title TEXT, 
	difficulty DOUBLE PRECISION, 
	prerequisites TEXT[] DEFAULT '{}' NOT NULL, 
	topics TEXT[] DEFAULT '{}' NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_skills PRIMARY KEY (organisation_id, id), 
	CONSTRAINT fk_skills_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE verdict_days (
	organisation_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	about TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	bit BIGINT NOT NULL, 
	candidates BIGINT DEFAULT '0' NOT NULL, 
	alone BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_verdict_days PRIMARY KEY (organisation_id, day, about, kind, bit), 
	CONSTRAINT fk_verdict_days_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE webhooks (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	url TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	secret TEXT NOT NULL, 
	created_by TEXT NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	disabled_at TIMESTAMP WITH TIME ZONE, 
	disabled_because TEXT, 
	failures INTEGER DEFAULT '0' NOT NULL, 
	resting_until TIMESTAMP WITH TIME ZONE, 
	last_sent_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_webhooks PRIMARY KEY (id), 
	CONSTRAINT fk_webhooks_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_webhooks_url ON webhooks (organisation_id, url) WHERE disabled_at IS NULL;

CREATE TABLE achievements (
	live_session_id BIGINT NOT NULL, 
	participant TEXT NOT NULL, 
	name TEXT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	earned_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_achievements PRIMARY KEY (live_session_id, participant, name), 
	CONSTRAINT fk_achievements_live_session_id FOREIGN KEY(live_session_id) REFERENCES live_sessions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_achievements_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_achievements_participant ON achievements (organisation_id, participant);

CREATE TABLE addresses (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	person_id BIGINT NOT NULL, 
	channel TEXT NOT NULL, 
	address TEXT NOT NULL, 
	token UUID DEFAULT gen_random_uuid() NOT NULL, 
	source TEXT DEFAULT 'product' NOT NULL, 
	wording TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	disabled_at TIMESTAMP WITH TIME ZONE, 
	disabled_because TEXT, 
	sent INTEGER DEFAULT '0' NOT NULL, 
	answered INTEGER DEFAULT '0' NOT NULL, 
	bounced INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_addresses PRIMARY KEY (id), 
	CONSTRAINT uq_addresses_person_id_channel_address UNIQUE (person_id, channel, address), 
	CONSTRAINT fk_addresses_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_addresses_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);

CREATE INDEX ix_addresses_channel_address ON addresses (channel, "left"(address, 255));

CREATE UNIQUE INDEX uq_addresses_token ON addresses (token);

CREATE TABLE agenda_items (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	live_session_id BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	starts_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	ends_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_agenda_items PRIMARY KEY (id), 
	CONSTRAINT ck_agenda_items_kind CHECK (kind IN ('talk','break','questions')), 
	CONSTRAINT ck_agenda_items_ends_at CHECK (ends_at > starts_at), 
	CONSTRAINT fk_agenda_items_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_agenda_items_live_session_id FOREIGN KEY(live_session_id) REFERENCES live_sessions (id) ON DELETE CASCADE
);

CREATE INDEX ix_agenda_items_live_session_id ON agenda_items (live_session_id, starts_at);

CREATE TABLE ambient_presence_states (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	user_id BIGINT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	current_page TEXT, 
	current_topic TEXT, 
	current_content_id TEXT, 
	last_content_id TEXT, 
	time_on_page DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	scroll_count INTEGER DEFAULT '0' NOT NULL, 
	mouse_hesitations INTEGER DEFAULT '0' NOT NULL, 
	last_seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	seen_before_at TIMESTAMP WITH TIME ZONE, 
	visit_id TEXT, 
	seq INTEGER, 
	page_left BOOLEAN DEFAULT 'false' NOT NULL, 
	counters_day DATE, 
	quick_access_count_today INTEGER DEFAULT '0' NOT NULL, 
	inline_help_count_today INTEGER DEFAULT '0' NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_ambient_presence_states PRIMARY KEY (id), 
	CONSTRAINT uq_ambient_presence_states_user_id UNIQUE (user_id), 
	CONSTRAINT fk_ambient_presence_states_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE
);

CREATE INDEX ix_ambient_presence_states_last_seen_at ON ambient_presence_states (last_seen_at);

CREATE TABLE attention (
	person_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	local_day DATE NOT NULL, 
	sent_today SMALLINT DEFAULT '0' NOT NULL, 
	outreach_today SMALLINT DEFAULT '0' NOT NULL, 
	in_context_today SMALLINT DEFAULT '0' NOT NULL, 
	critical_today SMALLINT DEFAULT '0' NOT NULL, 
	last_outreach_at TIMESTAMP WITH TIME ZONE, 
	last_by_kind JSONB DEFAULT '{}' NOT NULL, 
	ignored_by_kind JSONB DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_attention PRIMARY KEY (person_id), 
	CONSTRAINT fk_attention_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_attention_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE audience_questions (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	live_session_id BIGINT NOT NULL, 
	participant TEXT NOT NULL, 
	words TEXT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	hidden_at TIMESTAMP WITH TIME ZONE, 
	votes INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_audience_questions PRIMARY KEY (id), 
	CONSTRAINT fk_audience_questions_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_audience_questions_live_session_id FOREIGN KEY(live_session_id) REFERENCES live_sessions (id) ON DELETE CASCADE
);

CREATE INDEX ix_audience_questions_live_session_id ON audience_questions (live_session_id, votes);

CREATE INDEX ix_audience_questions_participant ON audience_questions (organisation_id, participant);

CREATE TABLE consent_changes (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	person_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	purpose TEXT NOT NULL, 
	given BOOLEAN, 
	source TEXT NOT NULL, 
	wording TEXT, 
	CONSTRAINT pk_consent_changes PRIMARY KEY (id), 
	CONSTRAINT fk_consent_changes_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_consent_changes_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_consent_changes_person_id_at ON consent_changes (person_id, at);

CREATE TABLE contact_pair (
	from_id BIGINT NOT NULL, 
	to_id BIGINT NOT NULL, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	sent DOUBLE PRECISION, 
	sent_hour DOUBLE PRECISION, 
	sent_week DOUBLE PRECISION, 
	open DOUBLE PRECISION, 
	open_at TIMESTAMP WITH TIME ZONE, 
	open_continues DOUBLE PRECISION, 
	answered DOUBLE PRECISION, 
	answered_in_hour DOUBLE PRECISION, 
	answered_in_day DOUBLE PRECISION, 
	answer_log DOUBLE PRECISION, 
	person_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	CONSTRAINT pk_contact_pair PRIMARY KEY (from_id, to_id), 
	CONSTRAINT fk_contact_pair_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_contact_pair_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_contact_pair_person_id ON contact_pair (person_id);

CREATE TABLE contact_party (
	party_id BIGINT NOT NULL, 
	wrote_at TIMESTAMP WITH TIME ZONE, 
	heard_at TIMESTAMP WITH TIME ZONE, 
	moved_at TIMESTAMP WITH TIME ZONE, 
	wrote DOUBLE PRECISION, 
	heard DOUBLE PRECISION, 
	wrote_day DOUBLE PRECISION, 
	wrote_week DOUBLE PRECISION, 
	heard_day DOUBLE PRECISION, 
	sessions_day DOUBLE PRECISION, 
	sessions_week DOUBLE PRECISION, 
	gaps DOUBLE PRECISION[], 
	answered_in_hour DOUBLE PRECISION, 
	answered_in_day DOUBLE PRECISION, 
	got_in_day DOUBLE PRECISION, 
	got_week DOUBLE PRECISION, 
	continued DOUBLE PRECISION, 
	continued_in_day DOUBLE PRECISION, 
	swift DOUBLE PRECISION, 
	swift_of DOUBLE PRECISION, 
	person_id BIGINT, 
	organisation_id BIGINT NOT NULL, 
	seen_until TIMESTAMP WITH TIME ZONE, 
	answered_until TIMESTAMP WITH TIME ZONE, 
	filled_in INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_contact_party PRIMARY KEY (party_id), 
	CONSTRAINT uq_contact_party_person_id UNIQUE (person_id), 
	CONSTRAINT fk_contact_party_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_contact_party_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE dropout_risk_scores (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	user_id BIGINT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	risk_score DOUBLE PRECISION, 
	risk_level TEXT NOT NULL, 
	risk_factors TEXT[] DEFAULT '{}' NOT NULL, 
	session_frequency_trend DOUBLE PRECISION, 
	avg_days_between_sessions DOUBLE PRECISION, 
	sessions_by_week INTEGER[], 
	days_silent INTEGER, 
	sentiment_trend_7d DOUBLE PRECISION, 
	days_since_last_completion INTEGER, 
	performance_trend DOUBLE PRECISION, 
	longest_streak INTEGER, 
	current_streak INTEGER, 
	cold_score DOUBLE PRECISION, 
	confidence DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	probability DOUBLE PRECISION, 
	own DOUBLE PRECISION, 
	contributions DOUBLE PRECISION[], 
	reengagement_strategy JSONB, 
	strategy_executed BOOLEAN DEFAULT 'false' NOT NULL, 
	strategy_executed_at TIMESTAMP WITH TIME ZONE, 
	user_returned BOOLEAN, 
	returned_at TIMESTAMP WITH TIME ZONE, 
	critical_since TIMESTAMP WITH TIME ZONE, 
	level_since TIMESTAMP WITH TIME ZONE, 
	level_before TEXT, 
	calculated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_dropout_risk_scores PRIMARY KEY (id), 
	CONSTRAINT uq_dropout_risk_scores_user_id UNIQUE (user_id), 
	CONSTRAINT fk_dropout_risk_scores_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_dropout_risk_scores_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_dropout_risk_scores_awaited ON dropout_risk_scores (strategy_executed_at) WHERE strategy_executed AND user_returned IS NULL;

CREATE INDEX ix_dropout_risk_scores_critical_since ON dropout_risk_scores (critical_since) WHERE critical_since IS NOT NULL;

CREATE INDEX ix_dropout_risk_scores_listed ON dropout_risk_scores (organization_id, risk_level, risk_score, user_id) INCLUDE (risk_factors);

CREATE INDEX ix_dropout_risk_scores_risk_level_calculated_at ON dropout_risk_scores (risk_level, calculated_at DESC);

CREATE TABLE educator_alerts (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	educator_id BIGINT NOT NULL, 
	person_id BIGINT NOT NULL, 
	group_id BIGINT, 
	episode TIMESTAMP WITH TIME ZONE NOT NULL, 
	risk_score DOUBLE PRECISION NOT NULL, 
	risk_factors TEXT[] DEFAULT '{}' NOT NULL, 
	facts JSONB DEFAULT '{}' NOT NULL, 
	state TEXT DEFAULT 'raised' NOT NULL, 
	raised_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	told_at TIMESTAMP WITH TIME ZONE, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	closed_by TEXT, 
	closed_because TEXT, 
	CONSTRAINT pk_educator_alerts PRIMARY KEY (id), 
	CONSTRAINT fk_educator_alerts_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_educator_alerts_educator_id FOREIGN KEY(educator_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_educator_alerts_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_educator_alerts_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE SET NULL
);

CREATE INDEX ix_educator_alerts_held ON educator_alerts (educator_id) WHERE state = 'held';

CREATE INDEX ix_educator_alerts_open ON educator_alerts (person_id) WHERE state <> 'closed';

CREATE INDEX ix_educator_alerts_organisation_id_raised_at ON educator_alerts (organisation_id, raised_at, id);

CREATE INDEX ix_educator_alerts_person_id_raised_at ON educator_alerts (person_id, raised_at);

CREATE INDEX ix_educator_alerts_told_at ON educator_alerts (told_at);

CREATE UNIQUE INDEX uq_educator_alerts_episode ON educator_alerts (educator_id, person_id, episode);

CREATE TABLE educator_days (
	educator_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	day DATE NOT NULL, 
	told INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_educator_days PRIMARY KEY (educator_id), 
	CONSTRAINT fk_educator_days_educator_id FOREIGN KEY(educator_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_educator_days_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE experiment_assignments (
	experiment_id BIGINT NOT NULL, 
	person_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	variant SMALLINT NOT NULL, 
	assigned_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	intervention_id BIGINT NOT NULL, 
	exposed_at TIMESTAMP WITH TIME ZONE, 
	settled_at TIMESTAMP WITH TIME ZONE, 
	answered BOOLEAN, 
	CONSTRAINT pk_experiment_assignments PRIMARY KEY (experiment_id, person_id), 
	CONSTRAINT fk_experiment_assignments_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE CASCADE, 
	CONSTRAINT fk_experiment_assignments_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_experiment_assignments_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_experiment_assignments_open ON experiment_assignments (experiment_id) WHERE settled_at IS NULL;

CREATE INDEX ix_experiment_assignments_person_id ON experiment_assignments (person_id);

CREATE TABLE experiment_days (
	experiment_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	variant SMALLINT NOT NULL, 
	day DATE NOT NULL, 
	assigned INTEGER DEFAULT '0' NOT NULL, 
	exposed INTEGER DEFAULT '0' NOT NULL, 
	settled INTEGER DEFAULT '0' NOT NULL, 
	answered INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_experiment_days PRIMARY KEY (experiment_id, variant, day), 
	CONSTRAINT fk_experiment_days_experiment_id FOREIGN KEY(experiment_id) REFERENCES experiments (id) ON DELETE CASCADE, 
	CONSTRAINT fk_experiment_days_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE group_members (
	group_id BIGINT NOT NULL, 
	person_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	role TEXT DEFAULT 'member' NOT NULL, 
	CONSTRAINT pk_group_members PRIMARY KEY (group_id, person_id), 
	CONSTRAINT fk_group_members_group_id FOREIGN KEY(group_id) REFERENCES groups (id) ON DELETE CASCADE, 
	CONSTRAINT fk_group_members_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_group_members_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_group_members_person_id ON group_members (person_id);

CREATE TABLE inline_help_logs (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	user_id BIGINT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	help_type TEXT NOT NULL, 
	page TEXT NOT NULL, 
	topic TEXT, 
	content_id TEXT, 
	concept TEXT, 
	about TEXT NOT NULL, 
	title TEXT NOT NULL, 
	message TEXT NOT NULL, 
	shown_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	user_response TEXT, 
	responded_at TIMESTAMP WITH TIME ZONE, 
	decision_id BIGINT NOT NULL, 
	prediction_id BIGINT, 
	CONSTRAINT pk_inline_help_logs PRIMARY KEY (id), 
	CONSTRAINT ck_inline_help_logs_user_response CHECK (user_response IN ('accepted','dismissed')), 
	CONSTRAINT fk_inline_help_logs_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_inline_help_logs_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_inline_help_logs_shown_at ON inline_help_logs (shown_at);

CREATE INDEX ix_inline_help_logs_user_id_shown_at ON inline_help_logs (user_id, shown_at);

CREATE TABLE intervention_logs (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	user_id BIGINT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	intervention_type TEXT NOT NULL, 
	priority INTEGER NOT NULL, 
	trigger TEXT NOT NULL, 
	channel TEXT DEFAULT 'in_app' NOT NULL, 
	title TEXT DEFAULT '' NOT NULL, 
	message TEXT DEFAULT '' NOT NULL, 
	action TEXT DEFAULT '' NOT NULL, 
	template TEXT DEFAULT '' NOT NULL, 
	polished_by TEXT DEFAULT '' NOT NULL, 
	context JSONB DEFAULT '{}' NOT NULL, 
	state TEXT NOT NULL, 
	decision_id BIGINT, 
	triggered_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	shown_at TIMESTAMP WITH TIME ZONE, 
	user_response TEXT, 
	responded_at TIMESTAMP WITH TIME ZONE, 
	withdrawn_at TIMESTAMP WITH TIME ZONE, 
	withdrawn_because TEXT, 
	CONSTRAINT pk_intervention_logs PRIMARY KEY (id), 
	CONSTRAINT ck_intervention_logs_user_response CHECK (user_response IN ('engaged','dismissed','ignored','snoozed')), 
	CONSTRAINT fk_intervention_logs_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_intervention_logs_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_intervention_logs_open ON intervention_logs (user_id, due_at) WHERE state IN ('planned','shown','deferred');

CREATE INDEX ix_intervention_logs_organization_id_triggered_at ON intervention_logs (organization_id, triggered_at);

CREATE INDEX ix_intervention_logs_snoozed ON intervention_logs (due_at) WHERE state = 'planned' AND user_response = 'snoozed';

CREATE INDEX ix_intervention_logs_unworded ON intervention_logs (due_at) WHERE state IN ('planned','deferred') AND title = '';

CREATE INDEX ix_intervention_logs_user_id_triggered_at ON intervention_logs (user_id, triggered_at);

CREATE UNIQUE INDEX uq_intervention_logs_one_open ON intervention_logs (user_id, intervention_type) WHERE state IN ('planned','deferred');

CREATE TABLE learning_plateaus (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	user_id BIGINT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	topic TEXT NOT NULL, 
	skill_id TEXT NOT NULL, 
	days_on_topic INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	mastery_level DOUBLE PRECISION NOT NULL, 
	mastery_improvement DOUBLE PRECISION NOT NULL, 
	mastery_found DOUBLE PRECISION NOT NULL, 
	is_active BOOLEAN DEFAULT 'true' NOT NULL, 
	resolved BOOLEAN DEFAULT 'false' NOT NULL, 
	resolved_at TIMESTAMP WITH TIME ZONE, 
	left_at TIMESTAMP WITH TIME ZONE, 
	intervention_suggested TEXT, 
	suggestions TEXT[] DEFAULT '{}' NOT NULL, 
	suggested_at TIMESTAMP WITH TIME ZONE, 
	intervention_taken BOOLEAN DEFAULT 'false' NOT NULL, 
	taken_at TIMESTAMP WITH TIME ZONE, 
	detected_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_learning_plateaus PRIMARY KEY (id), 
	CONSTRAINT fk_learning_plateaus_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_learning_plateaus_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_learning_plateaus_user_id_is_active_resolved ON learning_plateaus (user_id, is_active, resolved);

CREATE UNIQUE INDEX uq_learning_plateaus_active ON learning_plateaus (user_id, skill_id) WHERE is_active;

CREATE TABLE ledger_state (
	person_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	print BIGINT NOT NULL, 
	decision_id BIGINT NOT NULL, 
	since TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_ledger_state PRIMARY KEY (person_id), 
	CONSTRAINT fk_ledger_state_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_ledger_state_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE ledger_state_here (
	person_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	print BIGINT NOT NULL, 
	decision_id BIGINT NOT NULL, 
	since TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_ledger_state_here PRIMARY KEY (person_id), 
	CONSTRAINT fk_ledger_state_here_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_ledger_state_here_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE links (
	mark TEXT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	person_id BIGINT NOT NULL, 
	channel TEXT NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_links PRIMARY KEY (mark), 
	CONSTRAINT fk_links_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_links_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);

CREATE INDEX ix_links_expires_at ON links (expires_at);

CREATE INDEX ix_links_person_id ON links (person_id);

CREATE TABLE live_moments (
	decision_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	live_session_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	anomaly_type TEXT NOT NULL, 
	context TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	template TEXT, 
	acted BOOLEAN NOT NULL, 
	propensity DOUBLE PRECISION NOT NULL, 
	offered TEXT[] DEFAULT '{}' NOT NULL, 
	control_share DOUBLE PRECISION NOT NULL, 
	intervention_id UUID, 
	before DOUBLE PRECISION, 
	after DOUBLE PRECISION, 
	expected DOUBLE PRECISION, 
	settles_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	settled_at TIMESTAMP WITH TIME ZONE, 
	spoiled BOOLEAN DEFAULT 'false' NOT NULL, 
	CONSTRAINT pk_live_moments PRIMARY KEY (decision_id), 
	CONSTRAINT fk_live_moments_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_live_moments_live_session_id FOREIGN KEY(live_session_id) REFERENCES live_sessions (id) ON DELETE CASCADE
);

CREATE INDEX ix_live_moments_live_session_id ON live_moments (live_session_id, at);

CREATE INDEX ix_live_moments_organisation_id ON live_moments (organisation_id, settled_at);

CREATE INDEX ix_live_moments_waiting ON live_moments (settles_at) WHERE settled_at IS NULL;

CREATE TABLE live_snapshots (
	live_session_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	bins INTEGER NOT NULL, 
	body BYTEA NOT NULL, 
	taken_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_live_snapshots PRIMARY KEY (live_session_id), 
	CONSTRAINT fk_live_snapshots_live_session_id FOREIGN KEY(live_session_id) REFERENCES live_sessions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_live_snapshots_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE live_suggestions (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	live_session_id BIGINT NOT NULL, 
	decision_id BIGINT NOT NULL, 
	type TEXT NOT NULL, 
	confidence DOUBLE PRECISION NOT NULL, 
	priority TEXT NOT NULL, 
	reasoning TEXT NOT NULL, 
	content JSONB DEFAULT '{}' NOT NULL, 
	state TEXT DEFAULT 'waiting' NOT NULL, 
	suggested_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	answered_at TIMESTAMP WITH TIME ZONE, 
	answered_by TEXT, 
	intervention_id UUID, 
	CONSTRAINT pk_live_suggestions PRIMARY KEY (id), 
	CONSTRAINT ck_live_suggestions_state CHECK (state IN ('waiting','approved','dismissed','expired')), 
	CONSTRAINT fk_live_suggestions_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_live_suggestions_live_session_id FOREIGN KEY(live_session_id) REFERENCES live_sessions (id) ON DELETE CASCADE
);

CREATE INDEX ix_live_suggestions_live_session_id ON live_suggestions (live_session_id, suggested_at);

CREATE UNIQUE INDEX uq_live_suggestions_one_waiting ON live_suggestions (live_session_id, type) WHERE state = 'waiting';

CREATE TABLE operator_links (
	hash TEXT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	operator_id BIGINT, 
	email TEXT, 
	role TEXT NOT NULL, 
	made_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_operator_links PRIMARY KEY (hash), 
	CONSTRAINT fk_operator_links_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_operator_links_operator_id FOREIGN KEY(operator_id) REFERENCES operators (id) ON DELETE CASCADE
);

CREATE INDEX ix_operator_links_operator_id ON operator_links (operator_id);

CREATE INDEX ix_operator_links_organisation_id ON operator_links (organisation_id);

CREATE TABLE operator_sessions (
	hash TEXT NOT NULL, 
	operator_id BIGINT NOT NULL, 
	began_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	seen_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_operator_sessions PRIMARY KEY (hash), 
	CONSTRAINT fk_operator_sessions_operator_id FOREIGN KEY(operator_id) REFERENCES operators (id) ON DELETE CASCADE
);

CREATE INDEX ix_operator_sessions_operator_id ON operator_sessions (operator_id);

CREATE TABLE person_rhythm (
	person_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	day DATE, 
	hour INTEGER, 
	hours DOUBLE PRECISION[], 
	CONSTRAINT pk_person_rhythm PRIMARY KEY (person_id), 
	CONSTRAINT fk_person_rhythm_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_person_rhythm_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE person_state (
	person_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	first_seen_at TIMESTAMP WITH TIME ZONE, 
	last_seen_at TIMESTAMP WITH TIME ZONE, 
	last_completion_at TIMESTAMP WITH TIME ZONE, 
	events BIGINT DEFAULT '0' NOT NULL, 
	completions BIGINT DEFAULT '0' NOT NULL, 
	seconds DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	active_days INTEGER DEFAULT '0' NOT NULL, 
	current_streak INTEGER DEFAULT '0' NOT NULL, 
	longest_streak INTEGER DEFAULT '0' NOT NULL, 
	streak_day DATE, 
	week_days SMALLINT DEFAULT '0' NOT NULL, 
	comebacks INTEGER DEFAULT '0' NOT NULL, 
	morning_hour SMALLINT, 
	evening_hour SMALLINT, 
	filled_in INTEGER DEFAULT '0' NOT NULL, 
	changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	next_due_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_person_state PRIMARY KEY (person_id), 
	CONSTRAINT fk_person_state_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);

CREATE INDEX ix_person_state_next_due_at ON person_state (next_due_at);

CREATE TABLE polished_words (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	print TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	language TEXT NOT NULL, 
	named BOOLEAN NOT NULL, 
	model TEXT NOT NULL, 
	call_id BIGINT NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	title TEXT, 
	body TEXT, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_polished_words PRIMARY KEY (id), 
	CONSTRAINT fk_polished_words_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_polished_words_call_id FOREIGN KEY(call_id) REFERENCES language_model_calls (id) ON DELETE CASCADE
);

CREATE INDEX ix_polished_words_call_id ON polished_words (call_id);

CREATE UNIQUE INDEX uq_polished_words_print ON polished_words (organisation_id, print);

CREATE TABLE polls (
	id UUID DEFAULT gen_random_uuid() NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	live_session_id BIGINT NOT NULL, 
	intervention_id UUID, 
	template TEXT, 
	question TEXT NOT NULL, 
	type TEXT NOT NULL, 
	options TEXT[] DEFAULT '{}' NOT NULL, 
	results TEXT DEFAULT 'voted' NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closes_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	told BOOLEAN DEFAULT 'false' NOT NULL, 
	CONSTRAINT pk_polls PRIMARY KEY (id), 
	CONSTRAINT ck_polls_type CHECK (type IN ('multiple_choice','rating','open_ended')), 
	CONSTRAINT ck_polls_results CHECK (results IN ('voted','closed','always')), 
	CONSTRAINT ck_polls_closes_at CHECK (closes_at > opened_at), 
	CONSTRAINT fk_polls_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_polls_live_session_id FOREIGN KEY(live_session_id) REFERENCES live_sessions (id) ON DELETE CASCADE
);

CREATE INDEX ix_polls_live_session_id ON polls (live_session_id, opened_at);

CREATE INDEX ix_polls_open ON polls (closes_at) WHERE NOT told;

CREATE TABLE predictions (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	person_id BIGINT NOT NULL, 
	capability TEXT NOT NULL, 
	about TEXT DEFAULT '' NOT NULL, 
	asked_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	score DOUBLE PRECISION, 
	probability DOUBLE PRECISION, 
	confidence DOUBLE PRECISION NOT NULL, 
	own DOUBLE PRECISION, 
	stood DOUBLE PRECISION, 
	truth BOOLEAN, 
	CONSTRAINT pk_predictions PRIMARY KEY (id), 
	CONSTRAINT fk_predictions_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_predictions_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);

CREATE INDEX ix_predictions_due ON predictions (capability, due_at) WHERE truth IS NULL;

CREATE INDEX ix_predictions_organisation_id_asked_at ON predictions (organisation_id, capability, asked_at);

CREATE UNIQUE INDEX uq_predictions_asked ON predictions (capability, person_id, about, asked_at);

CREATE TABLE preference_changes (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	person_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changes JSONB DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_preference_changes PRIMARY KEY (id), 
	CONSTRAINT fk_preference_changes_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_preference_changes_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_preference_changes_person_id_at ON preference_changes (person_id, at);

CREATE TABLE prepared_words (
	live_session_id BIGINT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	purpose TEXT NOT NULL, 
	call_id BIGINT NOT NULL, 
	content JSONB NOT NULL, 
	prepared_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT ck_prepared_words_purpose CHECK (purpose IN ('POLL','CHAT_PROMPT')), 
	CONSTRAINT fk_prepared_words_live_session_id FOREIGN KEY(live_session_id) REFERENCES live_sessions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_prepared_words_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_prepared_words_call_id FOREIGN KEY(call_id) REFERENCES language_model_calls (id) ON DELETE CASCADE
);

CREATE INDEX ix_prepared_words_call_id ON prepared_words (call_id);

CREATE UNIQUE INDEX uq_prepared_words_purpose ON prepared_words (live_session_id, purpose);

CREATE TABLE proactive_outreach (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	user_id BIGINT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	outreach_type TEXT NOT NULL, 
	priority_score DOUBLE PRECISION NOT NULL, 
	status TEXT DEFAULT 'scheduled' NOT NULL, 
	trigger TEXT NOT NULL, 
	context_data JSONB DEFAULT '{}' NOT NULL, 
	scheduled_time TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	closed_at TIMESTAMP WITH TIME ZONE, 
	intervention_id BIGINT, 
	external_id TEXT, 
	CONSTRAINT pk_proactive_outreach PRIMARY KEY (id), 
	CONSTRAINT ck_proactive_outreach_priority_score CHECK (priority_score BETWEEN 0 AND 1), 
	CONSTRAINT fk_proactive_outreach_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_proactive_outreach_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_proactive_outreach_intervention_id ON proactive_outreach (intervention_id);

CREATE INDEX ix_proactive_outreach_user_id ON proactive_outreach (user_id, id);

CREATE INDEX ix_proactive_outreach_waiting ON proactive_outreach (user_id, scheduled_time) WHERE status = 'scheduled';

CREATE UNIQUE INDEX uq_proactive_outreach_external_id ON proactive_outreach (organization_id, external_id);

CREATE TABLE risk_changes (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	person_id BIGINT NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	level TEXT NOT NULL, 
	level_before TEXT NOT NULL, 
	risk_score DOUBLE PRECISION, 
	risk_factors TEXT[] DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_risk_changes PRIMARY KEY (id), 
	CONSTRAINT fk_risk_changes_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);

CREATE INDEX ix_risk_changes_at ON risk_changes (at);

CREATE UNIQUE INDEX uq_risk_changes_person_id_at ON risk_changes (person_id, at);

CREATE TABLE skill_regressions (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	user_id BIGINT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	skill_id TEXT NOT NULL, 
	skill_name TEXT NOT NULL, 
	peak_mastery DOUBLE PRECISION NOT NULL, 
	current_mastery DOUBLE PRECISION NOT NULL, 
	regression_amount DOUBLE PRECISION NOT NULL, 
	days_since_practice INTEGER NOT NULL, 
	last_practiced_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	predicted_mastery_in_week DOUBLE PRECISION, 
	urgency TEXT NOT NULL, 
	reminder_sent BOOLEAN DEFAULT 'false' NOT NULL, 
	reminder_sent_at TIMESTAMP WITH TIME ZONE, 
	user_reviewed BOOLEAN DEFAULT 'false' NOT NULL, 
	reviewed_at TIMESTAMP WITH TIME ZONE, 
	detected_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	ended_at TIMESTAMP WITH TIME ZONE, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_skill_regressions PRIMARY KEY (id), 
	CONSTRAINT fk_skill_regressions_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_skill_regressions_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_skill_regressions_user_id_urgency_reminder_sent ON skill_regressions (user_id, urgency, reminder_sent);

CREATE UNIQUE INDEX uq_skill_regressions_practice ON skill_regressions (user_id, skill_id, last_practiced_at);

CREATE TABLE struggle_predictions (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	user_id BIGINT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	content_id TEXT NOT NULL, 
	content_type TEXT NOT NULL, 
	struggle_probability DOUBLE PRECISION, 
	confidence DOUBLE PRECISION NOT NULL, 
	prereq_mastery DOUBLE PRECISION, 
	similar_performance DOUBLE PRECISION, 
	content_difficulty DOUBLE PRECISION, 
	days_since_review INTEGER, 
	cognitive_load DOUBLE PRECISION, 
	sentiment_trend DOUBLE PRECISION, 
	prediction_features JSONB DEFAULT '{}' NOT NULL, 
	cold_score DOUBLE PRECISION, 
	learned BOOLEAN DEFAULT 'false' NOT NULL, 
	contributions DOUBLE PRECISION[], 
	actual_struggled BOOLEAN, 
	actual_outcome_at TIMESTAMP WITH TIME ZONE, 
	outcome_from TEXT, 
	completion_time_seconds DOUBLE PRECISION, 
	gave_up BOOLEAN, 
	intervention_offered BOOLEAN DEFAULT 'false' NOT NULL, 
	intervention_accepted BOOLEAN, 
	intervention_action TEXT, 
	intervention_answered_at TIMESTAMP WITH TIME ZONE, 
	predicted_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_struggle_predictions PRIMARY KEY (id), 
	CONSTRAINT fk_struggle_predictions_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_struggle_predictions_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_struggle_predictions_content_id ON struggle_predictions (content_id);

CREATE INDEX ix_struggle_predictions_predicted_at ON struggle_predictions (predicted_at);

CREATE INDEX ix_struggle_predictions_user_id_content_id ON struggle_predictions (user_id, content_id, predicted_at DESC);

CREATE INDEX ix_struggle_predictions_user_id_predicted_at ON struggle_predictions (user_id, predicted_at DESC);

CREATE TABLE told_visits (
	person_id BIGINT NOT NULL, 
	visit_id TEXT NOT NULL, 
	page TEXT NOT NULL, 
	content_id TEXT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	time_on_page DOUBLE PRECISION NOT NULL, 
	last_beat_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	claims DOUBLE PRECISION[] NOT NULL, 
	CONSTRAINT pk_told_visits PRIMARY KEY (person_id, visit_id, page, content_id), 
	CONSTRAINT fk_told_visits_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);

CREATE INDEX ix_told_visits_last_beat_at ON told_visits (last_beat_at);

CREATE TABLE user_behavior_patterns (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	user_id BIGINT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	total_interactions BIGINT DEFAULT '0' NOT NULL, 
	sentiment_sum DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	sentiment_count BIGINT DEFAULT '0' NOT NULL, 
	quality_sum DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	average_sentiment DOUBLE PRECISION GENERATED ALWAYS AS (sentiment_sum / nullif(sentiment_count, 0)) STORED, 
	average_quality DOUBLE PRECISION GENERATED ALWAYS AS (quality_sum / nullif(total_interactions, 0)) STORED, 
	last_interaction_at TIMESTAMP WITH TIME ZONE, 
	mood DOUBLE PRECISION, 
	mood_slope DOUBLE PRECISION, 
	mood_trend TEXT, 
	last_sentiment TEXT, 
	last_quality DOUBLE PRECISION, 
	preferred_topics JSONB DEFAULT '[]' NOT NULL, 
	most_active_hours INTEGER[] DEFAULT '{}' NOT NULL, 
	best_hours INTEGER[] DEFAULT '{}' NOT NULL, 
	churn_risk_score DOUBLE PRECISION, 
	needs_re_engagement BOOLEAN DEFAULT 'false' NOT NULL, 
	need DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	analyzed_at TIMESTAMP WITH TIME ZONE, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_user_behavior_patterns PRIMARY KEY (id), 
	CONSTRAINT uq_user_behavior_patterns_user_id UNIQUE (user_id), 
	CONSTRAINT fk_user_behavior_patterns_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_user_behavior_patterns_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_user_behavior_patterns_need ON user_behavior_patterns (organization_id, need DESC, user_id) WHERE need > 0;

CREATE TABLE user_milestone_progress (
	user_id BIGINT NOT NULL, 
	milestone_name TEXT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	display_name TEXT NOT NULL, 
	metric_name TEXT NOT NULL, 
	target_value DOUBLE PRECISION NOT NULL, 
	current_value DOUBLE PRECISION NOT NULL, 
	difficulty_level INTEGER NOT NULL, 
	points INTEGER NOT NULL, 
	achieved_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	noticed_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	celebration TEXT DEFAULT 'waiting' NOT NULL, 
	celebrated_at TIMESTAMP WITH TIME ZONE, 
	CONSTRAINT pk_user_milestone_progress PRIMARY KEY (user_id, milestone_name), 
	CONSTRAINT ck_user_milestone_progress_celebration CHECK (celebration IN ('waiting','celebrated','silent')), 
	CONSTRAINT fk_user_milestone_progress_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_user_milestone_progress_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_user_milestone_progress_name ON user_milestone_progress (organization_id, milestone_name);

CREATE INDEX ix_user_milestone_progress_waiting ON user_milestone_progress (user_id) WHERE celebration = 'waiting';

CREATE TABLE user_notification_preferences (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	user_id BIGINT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	dnd_enabled BOOLEAN DEFAULT 'false' NOT NULL, 
	quiet_hours_start TIME WITHOUT TIME ZONE, 
	quiet_hours_end TIME WITHOUT TIME ZONE, 
	max_notifications_per_day INTEGER NOT NULL, 
	disabled_intervention_types TEXT[] DEFAULT '{}' NOT NULL, 
	disabled_channels TEXT[] DEFAULT '{}' NOT NULL, 
	preferred_channel TEXT, 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_user_notification_preferences PRIMARY KEY (id), 
	CONSTRAINT ck_user_notification_preferences_max_notifications_per_day CHECK (max_notifications_per_day BETWEEN 0 AND 100), 
	CONSTRAINT uq_user_notification_preferences_user_id UNIQUE (user_id), 
	CONSTRAINT fk_user_notification_preferences_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_user_notification_preferences_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE user_timing_profiles (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	user_id BIGINT NOT NULL, 
	organization_id BIGINT NOT NULL, 
	peak_hours INTEGER[], 
	optimal_study_time TIME WITHOUT TIME ZONE, 
	best_days TEXT[], 
	avg_session_duration_minutes DOUBLE PRECISION, 
	preferred_session_length INTEGER, 
	performance_by_hour JSONB, 
	most_active_hour INTEGER, 
	least_active_hour INTEGER, 
	typical_study_days INTEGER[], 
	sessions_analyzed INTEGER DEFAULT '0' NOT NULL, 
	confidence DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	good_hours INTEGER[], 
	created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL, 
	CONSTRAINT pk_user_timing_profiles PRIMARY KEY (id), 
	CONSTRAINT uq_user_timing_profiles_user_id UNIQUE (user_id), 
	CONSTRAINT fk_user_timing_profiles_user_id FOREIGN KEY(user_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_user_timing_profiles_organization_id FOREIGN KEY(organization_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE TABLE visits (
	person_id BIGINT NOT NULL, 
	page TEXT NOT NULL, 
	content_id TEXT DEFAULT '' NOT NULL, 
	opened_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	visit_id TEXT DEFAULT '' NOT NULL, 
	since TIMESTAMP WITH TIME ZONE, 
	before DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	claims DOUBLE PRECISION[], 
	organisation_id BIGINT NOT NULL, 
	topic TEXT, 
	last_beat_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	time_on_page DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	seconds DOUBLE PRECISION DEFAULT '0' NOT NULL, 
	scroll_count INTEGER DEFAULT '0' NOT NULL, 
	mouse_hesitations INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_visits PRIMARY KEY (person_id, page, content_id, opened_at, visit_id), 
	CONSTRAINT fk_visits_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE
);

CREATE TABLE wrong_flags (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	person_id BIGINT NOT NULL, 
	actor TEXT NOT NULL, 
	educator_id BIGINT, 
	note TEXT DEFAULT '' NOT NULL, 
	at TIMESTAMP WITH TIME ZONE NOT NULL, 
	until TIMESTAMP WITH TIME ZONE NOT NULL, 
	risk_score DOUBLE PRECISION, 
	risk_level TEXT NOT NULL, 
	CONSTRAINT pk_wrong_flags PRIMARY KEY (id), 
	CONSTRAINT fk_wrong_flags_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_wrong_flags_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_wrong_flags_educator_id FOREIGN KEY(educator_id) REFERENCES people (id) ON DELETE SET NULL
);

CREATE INDEX ix_wrong_flags_person_id_at ON wrong_flags (person_id, at);

CREATE TABLE deliveries (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	person_id BIGINT NOT NULL, 
	intervention_id BIGINT NOT NULL, 
	channel TEXT NOT NULL, 
	state TEXT DEFAULT 'due' NOT NULL, 
	due_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	expires_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	attempts SMALLINT DEFAULT '0' NOT NULL, 
	claimed_at TIMESTAMP WITH TIME ZONE, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	reference TEXT, 
	again SMALLINT DEFAULT '0' NOT NULL, 
	refusal TEXT, 
	error TEXT, 
	address_id BIGINT, 
	mark UUID DEFAULT gen_random_uuid() NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT fk_deliveries_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deliveries_person_id FOREIGN KEY(person_id) REFERENCES people (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deliveries_intervention_id FOREIGN KEY(intervention_id) REFERENCES intervention_logs (id) ON DELETE CASCADE, 
	CONSTRAINT fk_deliveries_address_id FOREIGN KEY(address_id) REFERENCES addresses (id) ON DELETE SET NULL
);

CREATE INDEX ix_deliveries_address_id ON deliveries (address_id) WHERE address_id IS NOT NULL;

CREATE INDEX ix_deliveries_doubtful ON deliveries (id) WHERE state IN ('refused','unknown');

CREATE INDEX ix_deliveries_due ON deliveries (channel, due_at) WHERE state = 'due';

CREATE INDEX ix_deliveries_organisation_id_claimed_at ON deliveries (organisation_id, claimed_at) WHERE channel <> 'in_app' AND claimed_at IS NOT NULL;

CREATE INDEX ix_deliveries_person_id ON deliveries (person_id);

CREATE INDEX ix_deliveries_sending ON deliveries (channel, claimed_at) WHERE state = 'sending';

CREATE UNIQUE INDEX uq_deliveries_intervention_id_channel_address_id_again ON deliveries (intervention_id, channel, address_id, again) NULLS NOT DISTINCT;

CREATE UNIQUE INDEX uq_deliveries_mark ON deliveries (mark);

CREATE TABLE poll_votes (
	poll_id UUID NOT NULL, 
	participant TEXT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	choice INTEGER, 
	words TEXT, 
	voted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	changes INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_poll_votes PRIMARY KEY (poll_id, participant), 
	CONSTRAINT fk_poll_votes_poll_id FOREIGN KEY(poll_id) REFERENCES polls (id) ON DELETE CASCADE, 
	CONSTRAINT fk_poll_votes_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_poll_votes_participant ON poll_votes (organisation_id, participant);

CREATE TABLE question_votes (
	question_id BIGINT NOT NULL, 
	participant TEXT NOT NULL, 
	organisation_id BIGINT NOT NULL, 
	voted_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	CONSTRAINT pk_question_votes PRIMARY KEY (question_id, participant), 
	CONSTRAINT fk_question_votes_question_id FOREIGN KEY(question_id) REFERENCES audience_questions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_question_votes_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE
);

CREATE INDEX ix_question_votes_participant ON question_votes (organisation_id, participant);

CREATE TABLE webhook_posts (
	id BIGINT GENERATED BY DEFAULT AS IDENTITY, 
	organisation_id BIGINT NOT NULL, 
	webhook_id BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	alert_id BIGINT, 
	operator_alert_id BIGINT, 
	educator_id BIGINT, 
	day DATE, 
	state TEXT DEFAULT 'due' NOT NULL, 
	planned_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	next_at TIMESTAMP WITH TIME ZONE NOT NULL, 
	attempts INTEGER DEFAULT '0' NOT NULL, 
	sent_at TIMESTAMP WITH TIME ZONE, 
	error TEXT, 
	CONSTRAINT pk_webhook_posts PRIMARY KEY (id), 
	CONSTRAINT fk_webhook_posts_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisations (id) ON DELETE CASCADE, 
	CONSTRAINT fk_webhook_posts_webhook_id FOREIGN KEY(webhook_id) REFERENCES webhooks (id) ON DELETE CASCADE, 
	CONSTRAINT fk_webhook_posts_alert_id FOREIGN KEY(alert_id) REFERENCES educator_alerts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_webhook_posts_operator_alert_id FOREIGN KEY(operator_alert_id) REFERENCES operator_alerts (id) ON DELETE CASCADE, 
	CONSTRAINT fk_webhook_posts_educator_id FOREIGN KEY(educator_id) REFERENCES people (id) ON DELETE CASCADE
);

CREATE INDEX ix_webhook_posts_alert_id ON webhook_posts (alert_id);

CREATE INDEX ix_webhook_posts_due ON webhook_posts (next_at, id) WHERE state = 'due';

CREATE INDEX ix_webhook_posts_educator_id ON webhook_posts (educator_id);

CREATE INDEX ix_webhook_posts_operator_alert_id ON webhook_posts (operator_alert_id);

CREATE UNIQUE INDEX uq_webhook_posts_alert ON webhook_posts (webhook_id, alert_id) WHERE alert_id IS NOT NULL;

CREATE UNIQUE INDEX uq_webhook_posts_held ON webhook_posts (webhook_id, educator_id, day) WHERE educator_id IS NOT NULL;

CREATE UNIQUE INDEX uq_webhook_posts_operator ON webhook_posts (webhook_id, operator_alert_id, kind) WHERE operator_alert_id IS NOT NULL;


CREATE OR REPLACE FUNCTION current_organisation() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (SELECT id FROM organisations WHERE name = current_setting('request.jwt.claim.org', true));
END $$;
CREATE OR REPLACE FUNCTION current_person() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (SELECT p.id FROM people p JOIN organisations o ON o.id = p.organisation_id
           WHERE o.name = current_setting('request.jwt.claim.org', true)
             AND p.external_id = current_setting('request.jwt.claim.sub', true));
END $$;


CREATE OR REPLACE FUNCTION hypertables() RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF to_regclass('timescaledb_information.hypertables') IS NOT NULL THEN
    RETURN QUERY EXECUTE 'SELECT hypertable_name::text FROM timescaledb_information.hypertables
                           WHERE hypertable_schema = ''public'' ORDER BY 1';
  END IF;
END $$;
REVOKE ALL ON FUNCTION hypertables() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hypertables() TO service_role;
CREATE OR REPLACE FUNCTION drop_chunks_before(parent text, before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
  home text := (SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'timescaledb');
  went bigint;
BEGIN
  IF parent NOT IN ('anomalies', 'engagement', 'interventions', 'live_seconds', 'signals') THEN
    RAISE EXCEPTION '% is not kept for a time', parent;
  END IF;
  EXECUTE format('SELECT count(*) FROM %s.drop_chunks(%L::regclass, older_than => $1)', home, 'public.' || parent)
     INTO went USING before;
  RETURN went;
END $$;
REVOKE ALL ON FUNCTION drop_chunks_before(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_chunks_before(text, timestamptz) TO service_role;


CREATE OR REPLACE FUNCTION ensure_partition(parent text, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  old boolean := day < '2000-01-01';
  by_year text := parent || CASE WHEN old THEN '_before' ELSE to_char(day, '_YYYY') END;
  by_month text := parent || to_char(day, '_YYYYMM');
  years int := coalesce(nullif(current_setting('tactful.monthly_years', true), ''), '1');
  child text := by_year;
  bounds text := 'FROM (MINVALUE) TO (''2000-01-01'')';
  span text := 'year';
BEGIN
  IF to_regclass(by_month) IS NOT NULL OR to_regclass(by_year) IS NOT NULL THEN RETURN; END IF;
  IF NOT EXISTS (SELECT FROM pg_class WHERE relname = parent AND relkind = 'p'
                    AND relnamespace = 'public'::regnamespace) THEN
    IF to_regclass(parent) IS NOT NULL
       AND parent IN ('anomalies', 'engagement', 'interventions', 'live_seconds', 'signals') THEN
      RETURN;
    END IF;
    RAISE EXCEPTION '% is not a partitioned table', parent;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(by_year, 0));
  -- By a query: to_regclass would only remember that there was none before we waited.
  IF EXISTS (SELECT FROM pg_class WHERE relname IN (by_year, by_month) AND relnamespace = 'public'::regnamespace) THEN
    RETURN;
  END IF;
  IF NOT old THEN
    -- A year that has begun by months goes on by months.
    IF extract(year FROM day) >= extract(year FROM now()) - years OR EXISTS (
         SELECT FROM pg_class WHERE relname BETWEEN by_year || '01' AND by_year || '12'
            AND relkind = 'r' AND relnamespace = 'public'::regnamespace) THEN
      span := 'month';
      child := by_month;
    END IF;
    bounds := format('FROM (%L) TO (%L)', date_trunc(span, day)::date,
                     (date_trunc(span, day) + ('1 ' || span)::interval)::date);
  END IF;
  -- Attaching lets others go on writing to the parent; creating the partition in place would lock them out.
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES ', parent, child) || bounds;
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', child);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', child);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO service_role', child);
END $$;
REVOKE ALL ON FUNCTION ensure_partition(text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_partition(text, date) TO service_role;
-- Autovacuum counts what is in partitions and chunks, never what is in their parents, and plans ask the parents.
CREATE OR REPLACE FUNCTION count_partitioned() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  parent regclass;
BEGIN
  FOR parent IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace
                   AND (relkind = 'p' OR relname IN (SELECT hypertables())) LOOP
    EXECUTE format('ANALYZE %s', parent);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION count_partitioned() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_partitioned() TO service_role;


CREATE OR REPLACE FUNCTION drop_partition(parent text, child text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
BEGIN
  IF parent NOT IN ('events', 'decisions', 'user_engagements', 'anomalies', 'engagement', 'interventions', 'live_seconds', 'signals') THEN
    RAISE EXCEPTION '% is not kept for a time', parent;
  END IF;
  IF EXISTS (SELECT FROM pg_inherits
              WHERE inhparent = parent::regclass AND inhrelid = to_regclass(quote_ident(child))) THEN
    EXECUTE format('DROP TABLE IF EXISTS %I', child);
  END IF;
END $$;
REVOKE ALL ON FUNCTION drop_partition(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_partition(text, text) TO service_role;

GRANT USAGE ON SCHEMA public TO authenticated, operator, service_role;

GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO service_role, operator, authenticated;

ALTER TABLE anomalies ENABLE ROW LEVEL SECURITY;

ALTER TABLE anomalies FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON anomalies TO service_role;

GRANT SELECT ON anomalies TO operator;

CREATE POLICY anomalies_operator ON anomalies TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE chat_heard ENABLE ROW LEVEL SECURITY;

ALTER TABLE chat_heard FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON chat_heard TO service_role;

ALTER TABLE configurations ENABLE ROW LEVEL SECURITY;

ALTER TABLE configurations FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON configurations TO service_role;

ALTER TABLE decisions ENABLE ROW LEVEL SECURITY;

ALTER TABLE decisions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON decisions TO service_role;

GRANT SELECT ON decisions TO authenticated;

CREATE POLICY decisions_authenticated ON decisions TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON decisions TO operator;

CREATE POLICY decisions_operator ON decisions TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE engagement ENABLE ROW LEVEL SECURITY;

ALTER TABLE engagement FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON engagement TO service_role;

GRANT SELECT ON engagement TO operator;

CREATE POLICY engagement_operator ON engagement TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE event_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE event_keys FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON event_keys TO service_role;

ALTER TABLE events ENABLE ROW LEVEL SECURITY;

ALTER TABLE events FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON events TO service_role;

GRANT SELECT ON events TO authenticated;

CREATE POLICY events_authenticated ON events TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON events TO operator;

CREATE POLICY events_operator ON events TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE interventions ENABLE ROW LEVEL SECURITY;

ALTER TABLE interventions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON interventions TO service_role;

GRANT SELECT ON interventions TO operator;

CREATE POLICY interventions_operator ON interventions TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE job_hours ENABLE ROW LEVEL SECURITY;

ALTER TABLE job_hours FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON job_hours TO service_role;

ALTER TABLE live_arms ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_arms FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_arms TO service_role;

ALTER TABLE live_attention ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_attention FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_attention TO service_role;

ALTER TABLE live_counts ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_counts FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_counts TO service_role;

ALTER TABLE live_holders ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_holders FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_holders TO service_role;

ALTER TABLE live_participants ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_participants FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_participants TO service_role;

GRANT SELECT ON live_participants TO operator;

CREATE POLICY live_participants_operator ON live_participants TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE live_partitions ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_partitions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_partitions TO service_role;

ALTER TABLE live_seconds ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_seconds FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_seconds TO service_role;

GRANT SELECT ON live_seconds TO operator;

CREATE POLICY live_seconds_operator ON live_seconds TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE organisations ENABLE ROW LEVEL SECURITY;

ALTER TABLE organisations FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON organisations TO service_role;

GRANT SELECT ON organisations TO operator;

CREATE POLICY organisations_operator ON organisations TO operator USING (id = (SELECT current_organisation())) WITH CHECK (id = (SELECT current_organisation()));

ALTER TABLE passes ENABLE ROW LEVEL SECURITY;

ALTER TABLE passes FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON passes TO service_role;

ALTER TABLE person_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE person_day FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON person_day TO service_role;

GRANT SELECT ON person_day TO authenticated;

CREATE POLICY person_day_authenticated ON person_day TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON person_day TO operator;

CREATE POLICY person_day_operator ON person_day TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE person_form ENABLE ROW LEVEL SECURITY;

ALTER TABLE person_form FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON person_form TO service_role;

GRANT SELECT ON person_form TO authenticated;

CREATE POLICY person_form_authenticated ON person_form TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON person_form TO operator;

CREATE POLICY person_form_operator ON person_form TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE person_hour ENABLE ROW LEVEL SECURITY;

ALTER TABLE person_hour FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON person_hour TO service_role;

GRANT SELECT ON person_hour TO authenticated;

CREATE POLICY person_hour_authenticated ON person_hour TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON person_hour TO operator;

CREATE POLICY person_hour_operator ON person_hour TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE person_memory ENABLE ROW LEVEL SECURITY;

ALTER TABLE person_memory FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON person_memory TO service_role;

GRANT SELECT ON person_memory TO authenticated;

CREATE POLICY person_memory_authenticated ON person_memory TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON person_memory TO operator;

CREATE POLICY person_memory_operator ON person_memory TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE person_session ENABLE ROW LEVEL SECURITY;

ALTER TABLE person_session FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON person_session TO service_role;

GRANT SELECT ON person_session TO authenticated;

CREATE POLICY person_session_authenticated ON person_session TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON person_session TO operator;

CREATE POLICY person_session_operator ON person_session TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE person_skill ENABLE ROW LEVEL SECURITY;

ALTER TABLE person_skill FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON person_skill TO service_role;

GRANT SELECT ON person_skill TO authenticated;

CREATE POLICY person_skill_authenticated ON person_skill TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON person_skill TO operator;

CREATE POLICY person_skill_operator ON person_skill TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE person_surprises ENABLE ROW LEVEL SECURITY;

ALTER TABLE person_surprises FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON person_surprises TO service_role;

GRANT SELECT ON person_surprises TO authenticated;

CREATE POLICY person_surprises_authenticated ON person_surprises TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON person_surprises TO operator;

CREATE POLICY person_surprises_operator ON person_surprises TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE person_topic ENABLE ROW LEVEL SECURITY;

ALTER TABLE person_topic FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON person_topic TO service_role;

GRANT SELECT ON person_topic TO authenticated;

CREATE POLICY person_topic_authenticated ON person_topic TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON person_topic TO operator;

CREATE POLICY person_topic_operator ON person_topic TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE practice_content ENABLE ROW LEVEL SECURITY;

ALTER TABLE practice_content FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON practice_content TO service_role;

ALTER TABLE practice_person ENABLE ROW LEVEL SECURITY;

ALTER TABLE practice_person FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON practice_person TO service_role;

GRANT SELECT ON practice_person TO authenticated;

CREATE POLICY practice_person_authenticated ON practice_person TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON practice_person TO operator;

CREATE POLICY practice_person_operator ON practice_person TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE practice_person_content ENABLE ROW LEVEL SECURITY;

ALTER TABLE practice_person_content FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON practice_person_content TO service_role;

GRANT SELECT ON practice_person_content TO authenticated;

CREATE POLICY practice_person_content_authenticated ON practice_person_content TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON practice_person_content TO operator;

CREATE POLICY practice_person_content_operator ON practice_person_content TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE practice_person_skill ENABLE ROW LEVEL SECURITY;

ALTER TABLE practice_person_skill FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON practice_person_skill TO service_role;

GRANT SELECT ON practice_person_skill TO authenticated;

CREATE POLICY practice_person_skill_authenticated ON practice_person_skill TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON practice_person_skill TO operator;

CREATE POLICY practice_person_skill_operator ON practice_person_skill TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE practice_skill ENABLE ROW LEVEL SECURITY;

ALTER TABLE practice_skill FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON practice_skill TO service_role;

ALTER TABLE quick_action_totals ENABLE ROW LEVEL SECURITY;

ALTER TABLE quick_action_totals FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON quick_action_totals TO service_role;

ALTER TABLE quick_action_uses ENABLE ROW LEVEL SECURITY;

ALTER TABLE quick_action_uses FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON quick_action_uses TO service_role;

GRANT SELECT ON quick_action_uses TO authenticated;

CREATE POLICY quick_action_uses_authenticated ON quick_action_uses TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON quick_action_uses TO operator;

CREATE POLICY quick_action_uses_operator ON quick_action_uses TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE sign_in_tries ENABLE ROW LEVEL SECURITY;

ALTER TABLE sign_in_tries FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_tries TO service_role;

ALTER TABLE signal_keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE signal_keys FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON signal_keys TO service_role;

ALTER TABLE signals ENABLE ROW LEVEL SECURITY;

ALTER TABLE signals FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON signals TO service_role;

GRANT SELECT ON signals TO operator;

CREATE POLICY signals_operator ON signals TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE skill_curve ENABLE ROW LEVEL SECURITY;

ALTER TABLE skill_curve FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON skill_curve TO service_role;

GRANT SELECT ON skill_curve TO authenticated;

CREATE POLICY skill_curve_authenticated ON skill_curve TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON skill_curve TO operator;

CREATE POLICY skill_curve_operator ON skill_curve TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE skill_sums ENABLE ROW LEVEL SECURITY;

ALTER TABLE skill_sums FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON skill_sums TO service_role;

ALTER TABLE ticks ENABLE ROW LEVEL SECURITY;

ALTER TABLE ticks FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON ticks TO service_role;

ALTER TABLE topic_sums ENABLE ROW LEVEL SECURITY;

ALTER TABLE topic_sums FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON topic_sums TO service_role;

ALTER TABLE user_engagements ENABLE ROW LEVEL SECURITY;

ALTER TABLE user_engagements FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON user_engagements TO service_role;

GRANT SELECT ON user_engagements TO authenticated;

CREATE POLICY user_engagements_authenticated ON user_engagements TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON user_engagements TO operator;

CREATE POLICY user_engagements_operator ON user_engagements TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;

ALTER TABLE audit_log FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON audit_log TO service_role;

GRANT SELECT, INSERT ON audit_log TO operator;

CREATE POLICY audit_log_operator ON audit_log TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE content ENABLE ROW LEVEL SECURITY;

ALTER TABLE content FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON content TO service_role;

GRANT SELECT ON content TO authenticated;

CREATE POLICY content_authenticated ON content TO authenticated USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

GRANT SELECT, INSERT, UPDATE, DELETE ON content TO operator;

CREATE POLICY content_operator ON content TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE counted_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE counted_days FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON counted_days TO service_role;

GRANT SELECT ON counted_days TO operator;

CREATE POLICY counted_days_operator ON counted_days TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE ended_tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE ended_tokens FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON ended_tokens TO service_role;

ALTER TABLE engagement_milestones ENABLE ROW LEVEL SECURITY;

ALTER TABLE engagement_milestones FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON engagement_milestones TO service_role;

GRANT SELECT ON engagement_milestones TO operator;

CREATE POLICY engagement_milestones_operator ON engagement_milestones TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE erased_people ENABLE ROW LEVEL SECURITY;

ALTER TABLE erased_people FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON erased_people TO service_role;

ALTER TABLE errands ENABLE ROW LEVEL SECURITY;

ALTER TABLE errands FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON errands TO service_role;

GRANT SELECT ON errands TO operator;

CREATE POLICY errands_operator ON errands TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE experiments ENABLE ROW LEVEL SECURITY;

ALTER TABLE experiments FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON experiments TO service_role;

GRANT SELECT ON experiments TO operator;

CREATE POLICY experiments_operator ON experiments TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE groups ENABLE ROW LEVEL SECURITY;

ALTER TABLE groups FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON groups TO service_role;

GRANT SELECT, INSERT, UPDATE, DELETE ON groups TO operator;

CREATE POLICY groups_operator ON groups TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE imports ENABLE ROW LEVEL SECURITY;

ALTER TABLE imports FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON imports TO service_role;

ALTER TABLE intervention_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE intervention_days FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON intervention_days TO service_role;

GRANT SELECT ON intervention_days TO operator;

CREATE POLICY intervention_days_operator ON intervention_days TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE language_model_calls ENABLE ROW LEVEL SECURITY;

ALTER TABLE language_model_calls FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON language_model_calls TO service_role;

GRANT SELECT ON language_model_calls TO operator;

CREATE POLICY language_model_calls_operator ON language_model_calls TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE live_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_sessions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_sessions TO service_role;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_sessions TO operator;

CREATE POLICY live_sessions_operator ON live_sessions TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE looked_hours ENABLE ROW LEVEL SECURITY;

ALTER TABLE looked_hours FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON looked_hours TO service_role;

GRANT SELECT ON looked_hours TO operator;

CREATE POLICY looked_hours_operator ON looked_hours TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE model_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE model_versions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON model_versions TO service_role;

ALTER TABLE operator_alerts ENABLE ROW LEVEL SECURITY;

ALTER TABLE operator_alerts FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON operator_alerts TO service_role;

GRANT SELECT ON operator_alerts TO operator;

CREATE POLICY operator_alerts_operator ON operator_alerts TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE operators ENABLE ROW LEVEL SECURITY;

ALTER TABLE operators FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON operators TO service_role;

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE outbox FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON outbox TO service_role;

ALTER TABLE own_kind_trials ENABLE ROW LEVEL SECURITY;

ALTER TABLE own_kind_trials FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON own_kind_trials TO service_role;

GRANT SELECT ON own_kind_trials TO operator;

CREATE POLICY own_kind_trials_operator ON own_kind_trials TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE own_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE own_settings FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON own_settings TO service_role;

GRANT SELECT ON own_settings TO operator;

CREATE POLICY own_settings_operator ON own_settings TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE pauses ENABLE ROW LEVEL SECURITY;

ALTER TABLE pauses FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON pauses TO service_role;

GRANT SELECT, INSERT, UPDATE, DELETE ON pauses TO operator;

CREATE POLICY pauses_operator ON pauses TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE people ENABLE ROW LEVEL SECURITY;

ALTER TABLE people FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON people TO service_role;

GRANT SELECT ON people TO authenticated;

CREATE POLICY people_authenticated ON people TO authenticated USING (id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON people TO operator;

CREATE POLICY people_operator ON people TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE reckonings ENABLE ROW LEVEL SECURITY;

ALTER TABLE reckonings FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON reckonings TO service_role;

GRANT SELECT ON reckonings TO operator;

CREATE POLICY reckonings_operator ON reckonings TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE response_hours ENABLE ROW LEVEL SECURITY;

ALTER TABLE response_hours FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON response_hours TO service_role;

GRANT SELECT ON response_hours TO operator;

CREATE POLICY response_hours_operator ON response_hours TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE result_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE result_days FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON result_days TO service_role;

GRANT SELECT ON result_days TO operator;

CREATE POLICY result_days_operator ON result_days TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE risk_scales ENABLE ROW LEVEL SECURITY;

ALTER TABLE risk_scales FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON risk_scales TO service_role;

ALTER TABLE service_tokens ENABLE ROW LEVEL SECURITY;

ALTER TABLE service_tokens FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON service_tokens TO service_role;

ALTER TABLE skills ENABLE ROW LEVEL SECURITY;

ALTER TABLE skills FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON skills TO service_role;

GRANT SELECT ON skills TO authenticated;

CREATE POLICY skills_authenticated ON skills TO authenticated USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

GRANT SELECT, INSERT, UPDATE, DELETE ON skills TO operator;

CREATE POLICY skills_operator ON skills TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE verdict_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE verdict_days FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON verdict_days TO service_role;

GRANT SELECT ON verdict_days TO operator;

CREATE POLICY verdict_days_operator ON verdict_days TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;

ALTER TABLE webhooks FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON webhooks TO service_role;

ALTER TABLE achievements ENABLE ROW LEVEL SECURITY;

ALTER TABLE achievements FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON achievements TO service_role;

GRANT SELECT ON achievements TO operator;

CREATE POLICY achievements_operator ON achievements TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE addresses ENABLE ROW LEVEL SECURITY;

ALTER TABLE addresses FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON addresses TO service_role;

GRANT SELECT, UPDATE (answered) ON addresses TO authenticated;

CREATE POLICY addresses_authenticated ON addresses TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON addresses TO operator;

CREATE POLICY addresses_operator ON addresses TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE agenda_items ENABLE ROW LEVEL SECURITY;

ALTER TABLE agenda_items FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON agenda_items TO service_role;

GRANT SELECT, INSERT, UPDATE, DELETE ON agenda_items TO operator;

CREATE POLICY agenda_items_operator ON agenda_items TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE ambient_presence_states ENABLE ROW LEVEL SECURITY;

ALTER TABLE ambient_presence_states FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON ambient_presence_states TO service_role;

GRANT SELECT ON ambient_presence_states TO authenticated;

CREATE POLICY ambient_presence_states_authenticated ON ambient_presence_states TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON ambient_presence_states TO operator;

CREATE POLICY ambient_presence_states_operator ON ambient_presence_states TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE attention ENABLE ROW LEVEL SECURITY;

ALTER TABLE attention FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON attention TO service_role;

GRANT SELECT, UPDATE (ignored_by_kind) ON attention TO authenticated;

CREATE POLICY attention_authenticated ON attention TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON attention TO operator;

CREATE POLICY attention_operator ON attention TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE audience_questions ENABLE ROW LEVEL SECURITY;

ALTER TABLE audience_questions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON audience_questions TO service_role;

GRANT SELECT ON audience_questions TO operator;

CREATE POLICY audience_questions_operator ON audience_questions TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE consent_changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE consent_changes FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON consent_changes TO service_role;

GRANT SELECT ON consent_changes TO authenticated;

CREATE POLICY consent_changes_authenticated ON consent_changes TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON consent_changes TO operator;

CREATE POLICY consent_changes_operator ON consent_changes TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE contact_pair ENABLE ROW LEVEL SECURITY;

ALTER TABLE contact_pair FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON contact_pair TO service_role;

GRANT SELECT ON contact_pair TO authenticated;

CREATE POLICY contact_pair_authenticated ON contact_pair TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON contact_pair TO operator;

CREATE POLICY contact_pair_operator ON contact_pair TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE contact_party ENABLE ROW LEVEL SECURITY;

ALTER TABLE contact_party FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON contact_party TO service_role;

GRANT SELECT ON contact_party TO authenticated;

CREATE POLICY contact_party_authenticated ON contact_party TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON contact_party TO operator;

CREATE POLICY contact_party_operator ON contact_party TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE dropout_risk_scores ENABLE ROW LEVEL SECURITY;

ALTER TABLE dropout_risk_scores FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON dropout_risk_scores TO service_role;

GRANT SELECT ON dropout_risk_scores TO authenticated;

CREATE POLICY dropout_risk_scores_authenticated ON dropout_risk_scores TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON dropout_risk_scores TO operator;

CREATE POLICY dropout_risk_scores_operator ON dropout_risk_scores TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE educator_alerts ENABLE ROW LEVEL SECURITY;

ALTER TABLE educator_alerts FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON educator_alerts TO service_role;

GRANT SELECT ON educator_alerts TO authenticated;

CREATE POLICY educator_alerts_authenticated ON educator_alerts TO authenticated USING (educator_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (educator_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON educator_alerts TO operator;

CREATE POLICY educator_alerts_operator ON educator_alerts TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE educator_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE educator_days FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON educator_days TO service_role;

GRANT SELECT ON educator_days TO authenticated;

CREATE POLICY educator_days_authenticated ON educator_days TO authenticated USING (educator_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (educator_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON educator_days TO operator;

CREATE POLICY educator_days_operator ON educator_days TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE experiment_assignments ENABLE ROW LEVEL SECURITY;

ALTER TABLE experiment_assignments FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON experiment_assignments TO service_role;

GRANT SELECT ON experiment_assignments TO authenticated;

CREATE POLICY experiment_assignments_authenticated ON experiment_assignments TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON experiment_assignments TO operator;

CREATE POLICY experiment_assignments_operator ON experiment_assignments TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE experiment_days ENABLE ROW LEVEL SECURITY;

ALTER TABLE experiment_days FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON experiment_days TO service_role;

GRANT SELECT ON experiment_days TO operator;

CREATE POLICY experiment_days_operator ON experiment_days TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE group_members ENABLE ROW LEVEL SECURITY;

ALTER TABLE group_members FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON group_members TO service_role;

GRANT SELECT ON group_members TO authenticated;

CREATE POLICY group_members_authenticated ON group_members TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON group_members TO operator;

CREATE POLICY group_members_operator ON group_members TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE inline_help_logs ENABLE ROW LEVEL SECURITY;

ALTER TABLE inline_help_logs FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON inline_help_logs TO service_role;

GRANT SELECT, UPDATE (user_response, responded_at) ON inline_help_logs TO authenticated;

CREATE POLICY inline_help_logs_authenticated ON inline_help_logs TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON inline_help_logs TO operator;

CREATE POLICY inline_help_logs_operator ON inline_help_logs TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE intervention_logs ENABLE ROW LEVEL SECURITY;

ALTER TABLE intervention_logs FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON intervention_logs TO service_role;

GRANT SELECT, UPDATE (state, user_response, responded_at, shown_at, due_at, expires_at) ON intervention_logs TO authenticated;

CREATE POLICY intervention_logs_authenticated ON intervention_logs TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON intervention_logs TO operator;

CREATE POLICY intervention_logs_operator ON intervention_logs TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE learning_plateaus ENABLE ROW LEVEL SECURITY;

ALTER TABLE learning_plateaus FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON learning_plateaus TO service_role;

GRANT SELECT ON learning_plateaus TO authenticated;

CREATE POLICY learning_plateaus_authenticated ON learning_plateaus TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON learning_plateaus TO operator;

CREATE POLICY learning_plateaus_operator ON learning_plateaus TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE ledger_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE ledger_state FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_state TO service_role;

ALTER TABLE ledger_state_here ENABLE ROW LEVEL SECURITY;

ALTER TABLE ledger_state_here FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_state_here TO service_role;

ALTER TABLE links ENABLE ROW LEVEL SECURITY;

ALTER TABLE links FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON links TO service_role;

ALTER TABLE live_moments ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_moments FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_moments TO service_role;

GRANT SELECT ON live_moments TO operator;

CREATE POLICY live_moments_operator ON live_moments TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE live_snapshots ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_snapshots FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_snapshots TO service_role;

ALTER TABLE live_suggestions ENABLE ROW LEVEL SECURITY;

ALTER TABLE live_suggestions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON live_suggestions TO service_role;

GRANT SELECT ON live_suggestions TO operator;

CREATE POLICY live_suggestions_operator ON live_suggestions TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE operator_links ENABLE ROW LEVEL SECURITY;

ALTER TABLE operator_links FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON operator_links TO service_role;

ALTER TABLE operator_sessions ENABLE ROW LEVEL SECURITY;

ALTER TABLE operator_sessions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON operator_sessions TO service_role;

ALTER TABLE person_rhythm ENABLE ROW LEVEL SECURITY;

ALTER TABLE person_rhythm FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON person_rhythm TO service_role;

GRANT SELECT ON person_rhythm TO authenticated;

CREATE POLICY person_rhythm_authenticated ON person_rhythm TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON person_rhythm TO operator;

CREATE POLICY person_rhythm_operator ON person_rhythm TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE person_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE person_state FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON person_state TO service_role;

GRANT SELECT ON person_state TO authenticated;

CREATE POLICY person_state_authenticated ON person_state TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON person_state TO operator;

CREATE POLICY person_state_operator ON person_state TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE polished_words ENABLE ROW LEVEL SECURITY;

ALTER TABLE polished_words FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON polished_words TO service_role;

ALTER TABLE polls ENABLE ROW LEVEL SECURITY;

ALTER TABLE polls FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON polls TO service_role;

GRANT SELECT ON polls TO operator;

CREATE POLICY polls_operator ON polls TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE predictions ENABLE ROW LEVEL SECURITY;

ALTER TABLE predictions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON predictions TO service_role;

GRANT SELECT ON predictions TO authenticated;

CREATE POLICY predictions_authenticated ON predictions TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON predictions TO operator;

CREATE POLICY predictions_operator ON predictions TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE preference_changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE preference_changes FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON preference_changes TO service_role;

GRANT SELECT, INSERT ON preference_changes TO authenticated;

CREATE POLICY preference_changes_authenticated ON preference_changes TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON preference_changes TO operator;

CREATE POLICY preference_changes_operator ON preference_changes TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE prepared_words ENABLE ROW LEVEL SECURITY;

ALTER TABLE prepared_words FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON prepared_words TO service_role;

ALTER TABLE proactive_outreach ENABLE ROW LEVEL SECURITY;

ALTER TABLE proactive_outreach FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON proactive_outreach TO service_role;

GRANT SELECT ON proactive_outreach TO authenticated;

CREATE POLICY proactive_outreach_authenticated ON proactive_outreach TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON proactive_outreach TO operator;

CREATE POLICY proactive_outreach_operator ON proactive_outreach TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE risk_changes ENABLE ROW LEVEL SECURITY;

ALTER TABLE risk_changes FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON risk_changes TO service_role;

GRANT SELECT ON risk_changes TO operator;

CREATE POLICY risk_changes_operator ON risk_changes TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE skill_regressions ENABLE ROW LEVEL SECURITY;

ALTER TABLE skill_regressions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON skill_regressions TO service_role;

GRANT SELECT, UPDATE (reminder_sent, reminder_sent_at) ON skill_regressions TO authenticated;

CREATE POLICY skill_regressions_authenticated ON skill_regressions TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON skill_regressions TO operator;

CREATE POLICY skill_regressions_operator ON skill_regressions TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE struggle_predictions ENABLE ROW LEVEL SECURITY;

ALTER TABLE struggle_predictions FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON struggle_predictions TO service_role;

GRANT SELECT, UPDATE (actual_struggled, actual_outcome_at, outcome_from, completion_time_seconds, gave_up, intervention_accepted, intervention_action, intervention_answered_at) ON struggle_predictions TO authenticated;

CREATE POLICY struggle_predictions_authenticated ON struggle_predictions TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON struggle_predictions TO operator;

CREATE POLICY struggle_predictions_operator ON struggle_predictions TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE told_visits ENABLE ROW LEVEL SECURITY;

ALTER TABLE told_visits FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON told_visits TO service_role;

GRANT SELECT ON told_visits TO authenticated;

CREATE POLICY told_visits_authenticated ON told_visits TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON told_visits TO operator;

CREATE POLICY told_visits_operator ON told_visits TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE user_behavior_patterns ENABLE ROW LEVEL SECURITY;

ALTER TABLE user_behavior_patterns FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON user_behavior_patterns TO service_role;

GRANT SELECT ON user_behavior_patterns TO authenticated;

CREATE POLICY user_behavior_patterns_authenticated ON user_behavior_patterns TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON user_behavior_patterns TO operator;

CREATE POLICY user_behavior_patterns_operator ON user_behavior_patterns TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE user_milestone_progress ENABLE ROW LEVEL SECURITY;

ALTER TABLE user_milestone_progress FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON user_milestone_progress TO service_role;

GRANT SELECT, UPDATE (celebration, celebrated_at) ON user_milestone_progress TO authenticated;

CREATE POLICY user_milestone_progress_authenticated ON user_milestone_progress TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON user_milestone_progress TO operator;

CREATE POLICY user_milestone_progress_operator ON user_milestone_progress TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE user_notification_preferences ENABLE ROW LEVEL SECURITY;

ALTER TABLE user_notification_preferences FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON user_notification_preferences TO service_role;

GRANT SELECT, INSERT, UPDATE ON user_notification_preferences TO authenticated;

CREATE POLICY user_notification_preferences_authenticated ON user_notification_preferences TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON user_notification_preferences TO operator;

CREATE POLICY user_notification_preferences_operator ON user_notification_preferences TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE user_timing_profiles ENABLE ROW LEVEL SECURITY;

ALTER TABLE user_timing_profiles FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON user_timing_profiles TO service_role;

GRANT SELECT ON user_timing_profiles TO authenticated;

CREATE POLICY user_timing_profiles_authenticated ON user_timing_profiles TO authenticated USING (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation())) WITH CHECK (user_id = (SELECT current_person()) AND organization_id = (SELECT current_organisation()));

GRANT SELECT ON user_timing_profiles TO operator;

CREATE POLICY user_timing_profiles_operator ON user_timing_profiles TO operator USING (organization_id = (SELECT current_organisation())) WITH CHECK (organization_id = (SELECT current_organisation()));

ALTER TABLE visits ENABLE ROW LEVEL SECURITY;

ALTER TABLE visits FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON visits TO service_role;

GRANT SELECT ON visits TO authenticated;

CREATE POLICY visits_authenticated ON visits TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON visits TO operator;

CREATE POLICY visits_operator ON visits TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE wrong_flags ENABLE ROW LEVEL SECURITY;

ALTER TABLE wrong_flags FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON wrong_flags TO service_role;

GRANT SELECT ON wrong_flags TO operator;

CREATE POLICY wrong_flags_operator ON wrong_flags TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE deliveries FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON deliveries TO service_role;

GRANT SELECT, UPDATE (state) ON deliveries TO authenticated;

CREATE POLICY deliveries_authenticated ON deliveries TO authenticated USING (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation())) WITH CHECK (person_id = (SELECT current_person()) AND organisation_id = (SELECT current_organisation()));

GRANT SELECT ON deliveries TO operator;

CREATE POLICY deliveries_operator ON deliveries TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE poll_votes ENABLE ROW LEVEL SECURITY;

ALTER TABLE poll_votes FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON poll_votes TO service_role;

GRANT SELECT ON poll_votes TO operator;

CREATE POLICY poll_votes_operator ON poll_votes TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE question_votes ENABLE ROW LEVEL SECURITY;

ALTER TABLE question_votes FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON question_votes TO service_role;

GRANT SELECT ON question_votes TO operator;

CREATE POLICY question_votes_operator ON question_votes TO operator USING (organisation_id = (SELECT current_organisation())) WITH CHECK (organisation_id = (SELECT current_organisation()));

ALTER TABLE webhook_posts ENABLE ROW LEVEL SECURITY;

ALTER TABLE webhook_posts FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_posts TO service_role;

CREATE POLICY organisations_owner ON organisations FOR SELECT TO CURRENT_USER USING (true);

CREATE POLICY people_owner ON people FOR SELECT TO CURRENT_USER USING (true);

CREATE VIEW user_session_stats WITH (security_invoker = true) AS
SELECT person_id AS user_id, organisation_id AS organization_id, count(*) AS total_sessions,
       avg(extract(epoch FROM ended_at - started_at) / 60)::float8 AS avg_duration, max(ended_at) AS last_session
  FROM person_session GROUP BY person_id, organisation_id;

GRANT SELECT ON user_session_stats TO authenticated, operator;


CREATE OR REPLACE FUNCTION interventions_due(organisation text, person text, at timestamptz)
RETURNS TABLE (id bigint, intervention_type text, priority int, trigger text, title text, message text, action text,
               decision_id bigint, state text, triggered_at timestamptz, due_at timestamptz, expires_at timestamptz,
               shown_at timestamptz, user_response text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('request.jwt.claim.org', organisation, true), set_config('request.jwt.claim.sub', person, true);
  RETURN QUERY
  SELECT i.id, i.intervention_type, i.priority, i.trigger, i.title, i.message, i.action, i.decision_id,
         i.state, i.triggered_at, i.due_at, i.expires_at, i.shown_at, i.user_response
    FROM intervention_logs i
   WHERE i.user_id = (SELECT current_person()) AND i.channel = 'in_app' AND i.state IN ('planned', 'shown')
     AND i.triggered_at <= at AND i.due_at <= at AND i.expires_at > at
     AND NOT EXISTS (SELECT 1 FROM user_notification_preferences n
                      WHERE n.user_id = i.user_id
                        AND (n.dnd_enabled OR i.intervention_type = ANY(n.disabled_intervention_types)
                             OR i.channel = ANY(n.disabled_channels)))
   ORDER BY i.priority DESC, i.triggered_at, i.id;
END $$;

-- Procrastinate Schema

DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;
EXCEPTION
    WHEN OTHERS THEN
        -- On managed PostgreSQL services (e.g. Azure Database for PostgreSQL, Amazon RDS,
        -- Google Cloud SQL), CREATE EXTENSION may fail with various error codes:
        -- insufficient_privilege, feature_not_supported, or provider-specific errors.
        -- Before ignoring, verify the extension actually exists — if it does not exist
        -- and cannot be created, re-raise so the failure is explicit.
        IF EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'plpgsql') THEN
            RAISE NOTICE 'plpgsql extension already exists, skipping creation.';
        ELSE
            RAISE;
        END IF;
END;
$$;

-- Enums

CREATE TYPE procrastinate_job_status AS ENUM (
    'todo',  -- The job is queued
    'doing',  -- The job has been fetched by a worker
    'succeeded',  -- The job ended successfully
    'failed',  -- The job ended with an error
    'cancelled', -- The job was cancelled
    'aborting',  -- legacy, not used anymore since v3.0.0
    'aborted'  -- The job was aborted
);

CREATE TYPE procrastinate_job_event_type AS ENUM (
    'deferred',  -- Job created, in todo
    'started',  -- todo -> doing
    'deferred_for_retry',  -- doing -> todo
    'failed',  -- doing -> failed
    'succeeded',  -- doing -> succeeded
    'cancelled', -- todo -> cancelled
    'abort_requested', -- not a state transition, but set in a separate field
    'aborted', -- doing -> aborted (only allowed when abort_requested field is set)
    'scheduled', -- not a state transition, but recording when a task is scheduled for
    'retried' -- Manually retried failed job
);

-- Composite Types

CREATE TYPE procrastinate_job_to_defer_v1 AS (
    queue_name character varying,
    task_name character varying,
    priority integer,
    lock text,
    queueing_lock text,
    args jsonb,
    scheduled_at timestamp with time zone
);

-- Tables

CREATE TABLE procrastinate_workers(
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    last_heartbeat timestamp with time zone NOT NULL DEFAULT NOW()
);

CREATE TABLE procrastinate_jobs (
    id bigserial PRIMARY KEY,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    lock text,
    queueing_lock text,
    args jsonb DEFAULT '{}' NOT NULL,
    status procrastinate_job_status DEFAULT 'todo'::procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone NULL,
    attempts integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint REFERENCES procrastinate_workers(id) ON DELETE SET NULL,
    CONSTRAINT check_not_todo_abort_requested CHECK (NOT (status = 'todo' AND abort_requested = true))
);

CREATE TABLE procrastinate_periodic_defers (
    id bigserial PRIMARY KEY,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint REFERENCES procrastinate_jobs(id) NULL,
    periodic_id character varying(128) NOT NULL DEFAULT '',
    CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp)
);

CREATE TABLE procrastinate_events (
    id bigserial PRIMARY KEY,
    job_id bigint NOT NULL REFERENCES procrastinate_jobs ON DELETE CASCADE,
    type procrastinate_job_event_type,
    at timestamp with time zone DEFAULT NOW() NULL
);

-- Constraints & Indices

-- this prevents from having several jobs with the same queueing lock in the "todo" state
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON procrastinate_jobs (queueing_lock) WHERE status = 'todo';
-- this prevents from having several jobs with the same lock in the "doing" state
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON procrastinate_jobs (lock) WHERE status = 'doing';

-- Index for select_stalled_jobs_by_heartbeat query
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON procrastinate_jobs(worker_id) WHERE worker_id IS NOT NULL AND status = 'doing'::procrastinate_job_status;

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON procrastinate_jobs(queue_name);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON procrastinate_jobs (id, lock) WHERE status = ANY (ARRAY['todo'::procrastinate_job_status, 'doing'::procrastinate_job_status]);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON procrastinate_jobs(priority desc, id asc) WHERE (status = 'todo'::procrastinate_job_status);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON procrastinate_events(job_id);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON procrastinate_periodic_defers(job_id);

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON procrastinate_workers(last_heartbeat);

-- Functions
CREATE FUNCTION procrastinate_defer_jobs_v1(
    jobs procrastinate_job_to_defer_v1[]
)
    RETURNS bigint[]
    LANGUAGE plpgsql
AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;

CREATE FUNCTION procrastinate_defer_periodic_job_v2(
    _queue_name character varying,
    _lock character varying,
    _queueing_lock character varying,
    _task_name character varying,
    _priority integer,
    _periodic_id character varying,
    _defer_timestamp bigint,
    _args jsonb
)
    RETURNS bigint
    LANGUAGE plpgsql
AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;

CREATE FUNCTION procrastinate_fetch_job_v2(
    target_queue_names character varying[],
    p_worker_id bigint
)
    RETURNS procrastinate_jobs
    LANGUAGE plpgsql
AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;

CREATE FUNCTION procrastinate_finish_job_v1(job_id bigint, end_status procrastinate_job_status, delete_job boolean)
    RETURNS void
    LANGUAGE plpgsql
AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean)
    RETURNS bigint
    LANGUAGE plpgsql
AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;

CREATE FUNCTION procrastinate_retry_job_v1(
    job_id bigint,
    retry_at timestamp with time zone,
    new_priority integer,
    new_queue_name character varying,
    new_lock character varying
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION procrastinate_retry_job_v2(
    job_id bigint,
    retry_at timestamp with time zone,
    new_priority integer,
    new_queue_name character varying,
    new_lock character varying
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;

CREATE FUNCTION procrastinate_notify_queue_job_inserted_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_notify_queue_abort_job_v1()
RETURNS trigger
    LANGUAGE plpgsql
AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_trigger_function_status_events_insert_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_trigger_function_status_events_update_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_trigger_function_scheduled_events_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_trigger_abort_requested_events_procedure_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;

CREATE FUNCTION procrastinate_unlink_periodic_defers_v1()
    RETURNS trigger
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;

CREATE FUNCTION procrastinate_register_worker_v1()
    RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION procrastinate_unregister_worker_v1(worker_id bigint)
    RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION procrastinate_update_heartbeat_v1(worker_id bigint)
    RETURNS void
    LANGUAGE plpgsql
AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat float)
    RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;

-- Triggers

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1
    AFTER INSERT ON procrastinate_jobs
    FOR EACH ROW WHEN ((new.status = 'todo'::procrastinate_job_status))
    EXECUTE PROCEDURE procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1
    AFTER UPDATE OF abort_requested ON procrastinate_jobs
    FOR EACH ROW WHEN ((old.abort_requested = false AND new.abort_requested = true AND new.status = 'doing'::procrastinate_job_status))
    EXECUTE PROCEDURE procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1
    AFTER UPDATE OF status ON procrastinate_jobs
    FOR EACH ROW
    EXECUTE PROCEDURE procrastinate_trigger_function_status_events_update_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1
    AFTER INSERT ON procrastinate_jobs
    FOR EACH ROW WHEN ((new.status = 'todo'::procrastinate_job_status))
    EXECUTE PROCEDURE procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1
    AFTER UPDATE OR INSERT ON procrastinate_jobs
    FOR EACH ROW WHEN ((new.scheduled_at IS NOT NULL AND new.status = 'todo'::procrastinate_job_status))
    EXECUTE PROCEDURE procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1
    AFTER UPDATE OF abort_requested ON procrastinate_jobs
    FOR EACH ROW WHEN ((new.abort_requested = true))
    EXECUTE PROCEDURE procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1
    BEFORE DELETE ON procrastinate_jobs
    FOR EACH ROW EXECUTE PROCEDURE procrastinate_unlink_periodic_defers_v1();

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO service_role;

REVOKE ALL ON alembic_version FROM service_role;

GRANT SELECT ON alembic_version TO service_role;

GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO service_role;
