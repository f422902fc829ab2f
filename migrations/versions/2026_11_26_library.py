"""The bibliography, publications with their files, and what to read with an event."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_26_library"
down_revision = "2026_11_26_kinds"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade():
    op.create_table(
        "citations",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("authors", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("publication", sa.String(), nullable=False),
        sa.Column("verification", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("list_key", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "verification IN ('page', 'title')", name=op.f("ck_citations_verification")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citations")),
        sa.UniqueConstraint("key", name=op.f("uq_citations_key")),
    )
    op.create_index(op.f("ix_citations_list_key_id"), "citations", ["list_key", "id"])
    op.create_table(
        "files",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_files_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.UniqueConstraint("path", name=op.f("uq_files_path")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "publications",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("look_again_on", sa.Date(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("successor_id", ID, nullable=True),
        sa.Column("title_key", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["publications.id"],
            name=op.f("fk_publications_successor_id_publications"),
        ),
        sa.CheckConstraint(
            "kind IN ('e_book', 'research_summary', 'worksheet', 'slides', 'recording_notes', 'other')",
            name=op.f("ck_publications_publicationkind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("slug", name=op.f("uq_publications_slug")),
    )
    op.create_index(
        op.f("ix_publications_look_again_on"), "publications", ["look_again_on"]
    )
    op.create_index(
        op.f("ix_publications_successor_id"), "publications", ["successor_id"]
    )
    op.create_index(
        op.f("ix_publications_title_key_id"), "publications", ["title_key", "id"]
    )
    op.create_table(
        "citation_cases",
        sa.Column("citation_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_studies.id"],
            name=op.f("fk_citation_cases_case_id_case_studies"),
        ),
        sa.ForeignKeyConstraint(
            ["citation_id"],
            ["citations.id"],
            name=op.f("fk_citation_cases_citation_id_citations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "citation_id", "position", name=op.f("pk_citation_cases")
        ),
    )
    op.create_index(op.f("ix_citation_cases_case_id"), "citation_cases", ["case_id"])
    op.create_table(
        "citation_topics",
        sa.Column("citation_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["citation_id"],
            ["citations.id"],
            name=op.f("fk_citation_topics_citation_id_citations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "citation_id", "position", name=op.f("pk_citation_topics")
        ),
    )
    op.create_index(
        op.f("ix_citation_topics_topic_citation_id"),
        "citation_topics",
        ["topic", "citation_id"],
    )
    op.create_table(
        "publication_areas",
        sa.Column("publication_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_publication_areas_publication_id_publications"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "publication_id", "position", name=op.f("pk_publication_areas")
        ),
    )
    op.create_index(
        op.f("ix_publication_areas_area_publication_id"),
        "publication_areas",
        ["area", "publication_id"],
    )
    op.create_table(
        "publication_cases",
        sa.Column("publication_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["case_studies.id"],
            name=op.f("fk_publication_cases_case_id_case_studies"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_publication_cases_publication_id_publications"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "publication_id", "position", name=op.f("pk_publication_cases")
        ),
    )
    op.create_index(
        op.f("ix_publication_cases_case_id"), "publication_cases", ["case_id"]
    )
    op.create_table(
        "publication_versions",
        sa.Column("publication_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", ID, nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_publication_versions_number")),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["files.id"],
            name=op.f("fk_publication_versions_file_id_files"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_publication_versions_publication_id_publications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"],
            ["people.id"],
            name=op.f("fk_publication_versions_uploaded_by_id_people"),
        ),
        sa.PrimaryKeyConstraint(
            "publication_id", "number", name=op.f("pk_publication_versions")
        ),
        sa.UniqueConstraint("file_id", name=op.f("uq_publication_versions_file_id")),
    )
    op.create_index(
        op.f("ix_publication_versions_uploaded_by_id"),
        "publication_versions",
        ["uploaded_by_id"],
    )
    op.create_table(
        "event_resources",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("publication_id", ID, nullable=True),
        sa.Column("citation_id", ID, nullable=True),
        sa.CheckConstraint(
            "(publication_id IS NULL) <> (citation_id IS NULL)",
            name=op.f("ck_event_resources_one_resource"),
        ),
        sa.ForeignKeyConstraint(
            ["citation_id"],
            ["citations.id"],
            name=op.f("fk_event_resources_citation_id_citations"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_resources_event_id_events")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publications.id"],
            name=op.f("fk_event_resources_publication_id_publications"),
        ),
        sa.PrimaryKeyConstraint(
            "event_id", "position", name=op.f("pk_event_resources")
        ),
    )
    op.create_index(
        op.f("ix_event_resources_citation_id"), "event_resources", ["citation_id"]
    )
    op.create_index(
        op.f("ix_event_resources_publication_id"), "event_resources", ["publication_id"]
    )


def downgrade():
    op.drop_index(
        op.f("ix_event_resources_publication_id"), table_name="event_resources"
    )
    op.drop_index(op.f("ix_event_resources_citation_id"), table_name="event_resources")
    op.drop_table("event_resources")
    op.drop_index(
        op.f("ix_publication_versions_uploaded_by_id"),
        table_name="publication_versions",
    )
    op.drop_table("publication_versions")
    op.drop_index(op.f("ix_publication_cases_case_id"), table_name="publication_cases")
    op.drop_table("publication_cases")
    op.drop_index(
        op.f("ix_publication_areas_area_publication_id"), table_name="publication_areas"
    )
    op.drop_table("publication_areas")
    op.drop_index(
        op.f("ix_citation_topics_topic_citation_id"), table_name="citation_topics"
    )
    op.drop_table("citation_topics")
    op.drop_index(op.f("ix_citation_cases_case_id"), table_name="citation_cases")
    op.drop_table("citation_cases")
    op.drop_index(op.f("ix_publications_title_key_id"), table_name="publications")
    op.drop_index(op.f("ix_publications_successor_id"), table_name="publications")
    op.drop_index(op.f("ix_publications_look_again_on"), table_name="publications")
    op.drop_table("publications")
    op.drop_table("files")
    op.drop_index(op.f("ix_citations_list_key_id"), table_name="citations")
    op.drop_table("citations")
