"""How the staged rows of an import are weighed against the people who are there: one statement.

The temporary tables, and the rules in words, stand in store/staging.py.
"""

BIT = "(CAST(1 AS BIGINT) << l.position)"
_FOUND = f"""
SELECT g.number, g.id, s.id AS person, f.person AS former, g.basis, g.consent_at,
    g.consent_source, g.wording,
    CASE WHEN s.id IS NULL AND g.lists = 0 THEN g.newcomer_lists ELSE g.lists END AS wanted,
    EXISTS (SELECT 1 FROM suppressions u WHERE u.lifted_at = '' AND u.list_slug = ''
        AND u.fingerprint = COALESCE(s.fingerprint, g.fingerprint))
    OR (s.id IS NULL
        AND EXISTS (SELECT 1 FROM subscribers x WHERE x.fingerprint = g.fingerprint)) AS blocked,
    COALESCE((SELECT SUM(DISTINCT {BIT}) FROM suppressions u JOIN lists l ON l.slug = u.list_slug
        WHERE u.fingerprint = COALESCE(s.fingerprint, g.fingerprint) AND u.lifted_at = ''), 0)
    | CASE WHEN s.id IS NULL THEN 0 ELSE
        COALESCE((SELECT SUM({BIT}) FROM memberships m JOIN lists l ON l.slug = m.list_slug
        WHERE m.subscriber_id = s.id AND m.state = 'left'), 0) END AS noes,
    CASE WHEN s.id IS NULL THEN 0 ELSE
        COALESCE((SELECT SUM({BIT}) FROM memberships m JOIN lists l ON l.slug = m.list_slug
        WHERE m.subscriber_id = s.id AND m.state = 'confirmed'), 0) END AS confirmed,
    CASE WHEN s.id IS NULL OR g.basis <> 'consent'
        OR (g.consent_at <> '' AND g.consent_source <> '') THEN 0 ELSE
        COALESCE((SELECT SUM({BIT}) FROM memberships m JOIN lists l ON l.slug = m.list_slug
        WHERE m.subscriber_id = s.id AND m.state = 'pending'), 0) END AS unproven,
    CASE WHEN s.id IS NULL THEN 0 ELSE
        COALESCE((SELECT SUM(DISTINCT {BIT}) FROM consents c JOIN lists l ON l.slug = c.list_slug
        WHERE c.subscriber_id = s.id AND (g.consent_at = '' OR (c.at = g.consent_at
            AND c.basis = g.basis AND c.source = g.consent_source AND c.wording = g.wording))), 0)
        END AS recorded,
    CASE WHEN s.id IS NULL THEN 0
        WHEN (g.name <> '' AND g.name <> s.name)
        OR (g.organisation <> '' AND g.organisation <> s.organisation)
        OR (g.language <> '' AND g.language <> s.language) THEN 1 ELSE 0 END AS differs,
    CASE WHEN EXISTS (SELECT 1 FROM staged_tags t WHERE t.number = g.number
        AND NOT EXISTS (SELECT 1 FROM tags x WHERE x.subscriber_id = s.id AND x.tag = t.tag))
        THEN 1 ELSE 0 END AS tagged,
    CASE WHEN EXISTS (SELECT 1 FROM gone o JOIN suppressions u ON u.list_slug = o.slug
        WHERE u.fingerprint = COALESCE(s.fingerprint, g.fingerprint) AND u.lifted_at = ''
        AND u.at >= g.own_at)
    OR EXISTS (SELECT 1 FROM gone o JOIN memberships m ON m.list_slug = o.slug
        WHERE m.subscriber_id = s.id AND m.state = 'left' AND m.since >= g.own_at)
        THEN 1 ELSE 0 END AS departed
FROM staged g LEFT JOIN subscribers s ON s.key = g.key
LEFT JOIN former f ON s.id IS NULL AND f.key = g.key
WHERE g.twin_of IS NULL
"""  # noqa: S608 - fragments of ours
# MATERIALIZED: else each of these subqueries runs again wherever its column is named.
COMPARE = f"""
WITH found AS MATERIALIZED ({_FOUND})
INSERT INTO compared (number, person, kind, joined, refused, waiting, grounded, differs, tagged,
    departed)
SELECT number, COALESCE(person, former, id),
    CASE WHEN blocked OR (wanted <> 0 AND refused = wanted) THEN 'suppressed'
        WHEN former IS NOT NULL THEN 'unchanged'
        WHEN basis = '' AND (person IS NULL OR joined <> 0) THEN 'unfounded'
        WHEN person IS NULL THEN 'added'
        WHEN joined <> 0 OR grounded <> 0 OR differs <> 0 OR tagged <> 0 THEN 'changed'
        ELSE 'unchanged' END,
    joined, CASE WHEN former IS NULL THEN refused ELSE 0 END, waiting, grounded, differs, tagged,
    departed
FROM (
    SELECT number, id, person, former, basis, blocked, wanted, differs, tagged,
        CASE WHEN departed <> 0 AND NOT blocked AND former IS NULL
            AND (wanted & ~confirmed & ~said) <> 0
            THEN 1 ELSE 0 END AS departed,
        wanted & noes AS refused,
        wanted & ~noes & unproven AS waiting,
        wanted & ~noes & ~confirmed & ~unproven AS joined,
        CASE WHEN basis = '' THEN 0 ELSE wanted & ~noes & ~unproven & ~recorded END AS grounded
    FROM (
        SELECT number, id, person, former, basis, blocked, wanted, differs, tagged, departed,
            confirmed, unproven, recorded, noes AS said,
            noes | CASE WHEN departed = 0 THEN 0 ELSE wanted & ~confirmed END AS noes
        FROM found
    ) told
) weighed
"""  # noqa: S608 - fragments of ours
