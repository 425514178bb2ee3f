-- The schema as the migrations leave it, written by: bun scripts/schema.ts
-- Read it; change it by a new migration.
CREATE TABLE public.audit_entries (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    action text NOT NULL,
    resource_type text NOT NULL,
    resource_id uuid,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    ip_address text,
    user_agent text,
    request_id text,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN public.audit_entries.user_id IS 'No reference to users: an entry outlives its user, and a failed login may name nobody (the zero UUID).';

CREATE TABLE public.cluster_members (
    user_id uuid NOT NULL,
    save_id uuid NOT NULL,
    cluster_id uuid NOT NULL,
    similarity real NOT NULL
);

COMMENT ON COLUMN public.cluster_members.similarity IS 'Cosine to the cluster''s centroid: the most central saves describe it best.';

CREATE TABLE public.clusters (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    label text NOT NULL,
    label_is_custom boolean DEFAULT false NOT NULL,
    cluster_type text,
    short_description text,
    keywords jsonb DEFAULT '[]'::jsonb NOT NULL,
    item_count integer DEFAULT 0 NOT NULL,
    centroid public.vector(512) NOT NULL,
    model text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT clusters_type_is_known CHECK ((cluster_type = ANY (ARRAY['Travel'::text, 'Food'::text, 'Learning'::text, 'Fitness'::text, 'Entertainment'::text, 'Shopping'::text, 'Tech'::text, 'Misc'::text])))
);

COMMENT ON COLUMN public.clusters.label_is_custom IS 'The user named it: later runs leave the label alone.';

COMMENT ON COLUMN public.clusters.model IS 'Which embedding model the centroid belongs to.';

CREATE TABLE public.content_embeddings (
    content_id uuid NOT NULL,
    model text NOT NULL,
    embedding public.vector(512) NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.content_embeddings ALTER COLUMN embedding SET STORAGE PLAIN;

CREATE TABLE public.idempotency_keys (
    user_id uuid NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    request_hash text NOT NULL,
    status smallint,
    location text,
    body jsonb,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN public.idempotency_keys.status IS 'Null while the first request is still running.';

CREATE TABLE public.libraries (
    user_id uuid NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    changes_since_clustering integer DEFAULT 0 NOT NULL,
    clustered_at timestamp(3) with time zone
);

COMMENT ON COLUMN public.libraries.version IS 'Raised in the transaction of every change to the user''s saves, clusters, or the state and metadata of what they saved: the ETag.';

COMMENT ON COLUMN public.libraries.changes_since_clustering IS 'Saves that became READY or went away since the last full clustering.';

CREATE UNLOGGED TABLE public.rate_limits (
    key text NOT NULL,
    window_start timestamp(3) with time zone NOT NULL,
    hits integer NOT NULL
);

CREATE TABLE public.server_settings (
    name text NOT NULL,
    value text NOT NULL
);

CREATE TABLE public.shared_contents (
    id uuid NOT NULL,
    url text NOT NULL,
    url_hash text NOT NULL,
    source_platform text NOT NULL,
    external_id text NOT NULL,
    status text DEFAULT 'PENDING'::text NOT NULL,
    attempt uuid NOT NULL,
    error_message text,
    title text,
    caption text,
    description text,
    author text,
    tags jsonb DEFAULT '[]'::jsonb NOT NULL,
    thumbnail_url text,
    duration_seconds integer,
    language text,
    published_at timestamp(3) with time zone,
    metadata_source text,
    metadata_quality text,
    content_text text,
    topic_main text,
    category_high text,
    subcategories jsonb DEFAULT '[]'::jsonb NOT NULL,
    locations jsonb DEFAULT '[]'::jsonb NOT NULL,
    entities jsonb DEFAULT '[]'::jsonb NOT NULL,
    intent text,
    visual_description text,
    visual_tags jsonb DEFAULT '[]'::jsonb NOT NULL,
    analysis_source text,
    analysis_model text,
    save_count integer DEFAULT 0 NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT shared_contents_category_is_known CHECK ((category_high = ANY (ARRAY['Travel'::text, 'Food & Drink'::text, 'Learning'::text, 'Career'::text, 'Fitness'::text, 'Entertainment'::text, 'Shopping'::text, 'Tech'::text, 'Misc'::text]))),
    CONSTRAINT shared_contents_intent_is_known CHECK ((intent = ANY (ARRAY['learn'::text, 'visit'::text, 'buy'::text, 'try'::text, 'watch'::text, 'misc'::text]))),
    CONSTRAINT shared_contents_platform_is_known CHECK ((source_platform = ANY (ARRAY['instagram'::text, 'youtube'::text]))),
    CONSTRAINT shared_contents_quality_is_known CHECK ((metadata_quality = ANY (ARRAY['full'::text, 'partial'::text, 'minimal'::text]))),
    CONSTRAINT shared_contents_save_count_is_not_negative CHECK ((save_count >= 0)),
    CONSTRAINT shared_contents_status_is_known CHECK ((status = ANY (ARRAY['PENDING'::text, 'PROCESSING'::text, 'READY'::text, 'FAILED'::text])))
);

COMMENT ON COLUMN public.shared_contents.url_hash IS 'Hex SHA-256 of the canonical link: what makes two spellings one content.';

COMMENT ON COLUMN public.shared_contents.attempt IS 'Names the run of the worker chain that may write here. A new run takes a new one, and what an older run still has in hand is dropped.';

COMMENT ON COLUMN public.shared_contents.error_message IS 'Why it FAILED, in a sentence for the person who saved it.';

COMMENT ON COLUMN public.shared_contents.content_text IS 'The text that was understood: title, caption and description.';

COMMENT ON COLUMN public.shared_contents.analysis_source IS 'local or openai.';

COMMENT ON COLUMN public.shared_contents.save_count IS 'Always the number of rows in user_content_saves: counted in the same transaction.';

COMMENT ON COLUMN public.shared_contents.version IS 'Counts changes of metadata and state, for optimistic locking; saves by others do not count.';

CREATE TABLE public.user_content_saves (
    user_id uuid NOT NULL,
    id uuid NOT NULL,
    shared_content_id uuid NOT NULL,
    raw_share_text text,
    is_favorited boolean DEFAULT false NOT NULL,
    is_archived boolean DEFAULT false NOT NULL,
    last_viewed_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT user_content_saves_note_is_short CHECK ((length(raw_share_text) <= 500))
);

COMMENT ON COLUMN public.user_content_saves.raw_share_text IS 'The user''s own note. Private: it never leaves the library.';

CREATE TABLE public.users (
    id uuid NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    role text DEFAULT 'user'::text NOT NULL,
    created_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    updated_at timestamp(3) with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_email_is_normal CHECK (((email = lower(btrim(email))) AND ((length(email) >= 3) AND (length(email) <= 254)))),
    CONSTRAINT users_role_is_known CHECK ((role = ANY (ARRAY['user'::text, 'superuser'::text, 'admin'::text])))
);

COMMENT ON COLUMN public.users.email IS 'Trimmed and lower case, so that one person cannot register twice.';

COMMENT ON COLUMN public.users.role IS 'user: own library. superuser: also the settings. admin: also other people''s accounts.';

ALTER TABLE ONLY public.audit_entries
    ADD CONSTRAINT audit_entries_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.cluster_members
    ADD CONSTRAINT cluster_members_pkey PRIMARY KEY (user_id, save_id);

ALTER TABLE ONLY public.clusters
    ADD CONSTRAINT clusters_label_is_unique UNIQUE (user_id, label) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.clusters
    ADD CONSTRAINT clusters_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.content_embeddings
    ADD CONSTRAINT content_embeddings_pkey PRIMARY KEY (content_id, model);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, route, key);

ALTER TABLE ONLY public.libraries
    ADD CONSTRAINT libraries_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (key, window_start);

ALTER TABLE ONLY public.server_settings
    ADD CONSTRAINT server_settings_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.shared_contents
    ADD CONSTRAINT shared_contents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.shared_contents
    ADD CONSTRAINT shared_contents_url_hash_key UNIQUE (url_hash);

ALTER TABLE ONLY public.user_content_saves
    ADD CONSTRAINT user_content_saves_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.user_content_saves
    ADD CONSTRAINT user_content_saves_saved_once UNIQUE (user_id, shared_content_id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_taken UNIQUE (email);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

CREATE INDEX cluster_members_of_cluster ON public.cluster_members USING btree (user_id, cluster_id, similarity DESC);

CREATE INDEX idempotency_keys_by_age ON public.idempotency_keys USING btree (created_at);

CREATE INDEX user_content_saves_newest ON public.user_content_saves USING btree (user_id, created_at DESC, id DESC);

CREATE INDEX user_content_saves_of_content ON public.user_content_saves USING btree (shared_content_id, user_id);

ALTER TABLE ONLY public.cluster_members
    ADD CONSTRAINT cluster_members_user_id_cluster_id_fkey FOREIGN KEY (user_id, cluster_id) REFERENCES public.clusters(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.cluster_members
    ADD CONSTRAINT cluster_members_user_id_save_id_fkey FOREIGN KEY (user_id, save_id) REFERENCES public.user_content_saves(user_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.clusters
    ADD CONSTRAINT clusters_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.content_embeddings
    ADD CONSTRAINT content_embeddings_content_id_fkey FOREIGN KEY (content_id) REFERENCES public.shared_contents(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.libraries
    ADD CONSTRAINT libraries_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.user_content_saves
    ADD CONSTRAINT user_content_saves_shared_content_id_fkey FOREIGN KEY (shared_content_id) REFERENCES public.shared_contents(id);

ALTER TABLE ONLY public.user_content_saves
    ADD CONSTRAINT user_content_saves_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;
