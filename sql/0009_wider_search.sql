-- A graph of 100,000 vectors may have a group of near ones that a search with 120 candidates never comes to: a question
-- asked from within then finds none of its ten nearest. With 400 all questions that were tried found nine or ten of them,
-- for half as much time again (bench/RESULTS.md).
alter function nearest_of_all(vector, text, integer) set hnsw.ef_search = 400;
alter function nearest_of_user_by_index(vector, text, uuid, integer) set hnsw.ef_search = 400;
