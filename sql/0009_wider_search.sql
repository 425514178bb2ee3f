-- A graph of 100,000 vectors may have a group of near ones that a search with 120 candidates never comes to: one question
-- in a hundred, asked from within, then found none of its ten nearest. With 400 it found nine or ten of them every time,
-- for half as much time again (bench/RESULTS.md). Up to so many vectors it looks at all, so that the answer is exact.
alter function nearest_of_all(vector, text, integer) set hnsw.ef_search = 400;
alter function nearest_of_user_by_index(vector, text, uuid, integer) set hnsw.ef_search = 400;
