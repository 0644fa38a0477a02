-- The community table from rows of groups and quarters, as an existing engine for Parquet makes it.
-- Written for DuckDB and for DataFusion. Before it, make the view of the files:
--
--   CREATE VIEW group_quarters AS SELECT * FROM read_parquet('*.parquet');           -- DuckDB
--   CREATE EXTERNAL TABLE group_quarters STORED AS PARQUET LOCATION 'folder/';       -- DataFusion
--
-- The quarters are those of the rows; a view with fewer of them asks for fewer. After it, `twice`
-- must be empty: a group that is in it was exported from two copies, and everything else is wrong.
-- Memberships are not people, groups chose to report, and there is no comparison area.
-- Trends are tested by copact, on the panel's totals: exact p-values are not for SQL.

CREATE VIEW twice AS
SELECT "group" AS id, quarter
FROM group_quarters
GROUP BY "group", quarter
HAVING count(*) > 1;

CREATE VIEW asked AS
SELECT min(quarter) AS first_quarter, max(quarter) AS last_quarter, min(starts) AS first_day
FROM group_quarters;

-- Founded before the first quarter, with a counted entry in the first and in the last one.
CREATE VIEW panel AS
SELECT r."group" AS id
FROM group_quarters r CROSS JOIN asked a
GROUP BY r."group"
HAVING max(CASE WHEN r.founded < a.first_day THEN 1 ELSE 0 END) = 1
   AND max(CASE WHEN r.active AND r.quarter = a.first_quarter THEN 1 ELSE 0 END) = 1
   AND max(CASE WHEN r.active AND r.quarter = a.last_quarter THEN 1 ELSE 0 END) = 1;

-- Each row once for all groups, and once for the panel, where it weighs nothing if not of it.
CREATE VIEW weighed AS
SELECT 'all' AS of_groups, 1 AS weight, r.* FROM group_quarters r
UNION ALL
SELECT 'panel' AS of_groups, CASE WHEN p.id IS NULL THEN 0 ELSE 1 END AS weight, r.*
FROM group_quarters r LEFT JOIN panel p ON p.id = r."group";

CREATE VIEW totals AS
SELECT
  of_groups,
  quarter,
  sum(CASE WHEN is_founded THEN weight ELSE 0 END) AS groups_founded,
  sum(CASE WHEN is_founded AND team THEN weight ELSE 0 END) AS teams,
  sum(CASE WHEN is_founded AND active THEN weight ELSE 0 END) AS groups_active,
  sum(weight * joined) AS joined,
  sum(weight * "left") AS left_again,
  sum(weight * (joined - "left")) AS net,
  sum(weight * memberships) AS memberships,
  sum(weight * j2_num) AS j2_num,
  sum(weight * j2_den) AS j2_den,
  CAST(sum(weight * j2_num) AS DOUBLE) / CAST(nullif(sum(weight * j2_den), 0) AS DOUBLE) AS j2,
  sum(weight * minutes) AS minutes,
  sum(weight * attendances) AS attendances,
  sum(weight * goals_due) AS goals_due,
  sum(weight * goals_met) AS goals_met
FROM weighed
GROUP BY of_groups, quarter
ORDER BY of_groups, quarter;

-- Groups by level at the quarter's end; a level at which none is, is not here.
CREATE VIEW levels AS
SELECT of_groups, quarter, level, sum(weight) AS groups_at_it
FROM weighed
WHERE is_founded AND weight > 0
GROUP BY of_groups, quarter, level
ORDER BY of_groups, quarter, level;

CREATE VIEW ratios AS
SELECT quarter, 'C6' AS id, c6 AS ratio FROM group_quarters
UNION ALL SELECT quarter, 'P1' AS id, p1 AS ratio FROM group_quarters
UNION ALL SELECT quarter, 'P2' AS id, p2 AS ratio FROM group_quarters
UNION ALL SELECT quarter, 'H2' AS id, h2 AS ratio FROM group_quarters
UNION ALL SELECT quarter, 'H3' AS id, h3 AS ratio FROM group_quarters
UNION ALL SELECT quarter, 'R3' AS id, r3 AS ratio FROM group_quarters
UNION ALL SELECT quarter, 'R6' AS id, r6 AS ratio FROM group_quarters
UNION ALL SELECT quarter, 'D1' AS id, d1 AS ratio FROM group_quarters
UNION ALL SELECT quarter, 'J2' AS id, j2 AS ratio FROM group_quarters;

-- Quartiles of type 7 over the groups in which the ratio can be computed; nothing of none.
CREATE VIEW spreads AS
SELECT
  quarter,
  id,
  count(ratio) AS groups_with_it,
  percentile_cont(0.25) WITHIN GROUP (ORDER BY ratio) AS lower_quartile,
  percentile_cont(0.5) WITHIN GROUP (ORDER BY ratio) AS median_ratio,
  percentile_cont(0.75) WITHIN GROUP (ORDER BY ratio) AS upper_quartile
FROM ratios
WHERE ratio IS NOT NULL
GROUP BY quarter, id
ORDER BY quarter, id;

-- One row a group: what is claimed of its minutes, as its last row says.
CREATE VIEW last_rows AS
SELECT "group" AS id, max(quarter) AS quarter, max(CASE WHEN team THEN 1 ELSE 0 END) AS team
FROM group_quarters
GROUP BY "group";

CREATE VIEW community AS
SELECT
  count(*) AS groups_all,
  sum(l.team) AS teams,
  sum(CASE WHEN p.id IS NULL THEN 0 ELSE 1 END) AS panel,
  sum(CASE WHEN r.minutes_claim = 'rise' THEN 1 ELSE 0 END) AS rise,
  sum(CASE WHEN r.minutes_claim = 'not_shown' THEN 1 ELSE 0 END) AS not_shown,
  sum(CASE WHEN r.minutes_claim = 'fall' THEN 1 ELSE 0 END) AS fall
FROM last_rows l
JOIN group_quarters r ON r."group" = l.id AND r.quarter = l.quarter
LEFT JOIN panel p ON p.id = l.id;
