-- The map of a library: the plane on which its vectors are seen, as the last run of clustering laid it. It is kept, so
-- that points stay where they are from one look to the next, and a save that becomes READY later finds its place.
-- A point is (embedding · x_axis - x_offset, embedding · y_axis - y_offset), within -1 and 1.
create table library_maps (
  user_id uuid primary key references users on delete cascade,
  model text not null,
  x_axis vector(512) not null,
  y_axis vector(512) not null,
  x_offset double precision not null,
  y_offset double precision not null,
  updated_at timestamptz(3) not null default now()
);
comment on column library_maps.model is 'Which embedding model the axes belong to: vectors of another are not drawn.';
