// Words that say nothing about what a group of saves is about.

/** Words of grammar, English mostly. They may stand inside a phrase ("Game of Thrones"), never at its ends. */
export const STOP_WORDS = words(`
  a about above across actually after again against all almost alone along already also although always am an and
  another any anybody anyone anything are aren around as at away back be became because become been before behind
  being below best better between beyond bit both but by came can cannot cant come comes coming could couldn did didn
  do does doesn doing don done dont down during each either else enough even ever every everybody everyone everything
  few finally first for from further gave get gets getting give gives giving go goes going gone gonna got had has
  hasn have haven having he her here hers herself him himself his how however i if im in inside instead into is isn it
  its itself ive just keep kept know known last least less let lets like little ll look looking looks lot lots made
  make makes making many may maybe me mean means might mine more most much must my myself need needs never next no nobody
  none nor not nothing now of off often oh ok okay on once one only onto or other others our ours ourselves out over
  own per perhaps please put puts quite rather re really s said same saw say saying says see seen self several shall she
  should shouldn since so some somebody someone something sometimes still such t take takes taking tell than that thats
  the their theirs them themselves then there these they thing things think this those though three through thus till to
  together too took toward tried tries try trying turn turns two under until up upon us use used uses using ve very via
  vs want wants was wasn way ways we well went were weren what whatever when where whether which while who whole whom
  whose why will with within without won wont would wouldn yes yet you your youre yours yourself y o u n de la le el en
  und der die das que los las les des du et w ii iii
  den dem das ein eine einen im mit für von zum zur ist des les une aux pour dans avec para del una por em um uma как
  для что это
`)

/** What uploaders write on everything, whatever it is about. A phrase with one of them is no label. */
export const BOILERPLATE = words(`
  official officially video videos vid vids hd hq uhd 4k 8k 1080p 720p 60fps full new newest latest version ver original
  feat ft featuring prod lyrics lyric audio mv visual exclusive episode episodes ep eps part pt season series chapter
  volume vol clip clips teaser preview promo sneak peek premiere premieres youtube youtuber youtubers channel channels
  subscribe subscribers subscriber sub like comment share follow follows watch watching viral trending trend trends
  today tonight yesterday tomorrow day days week weeks month months year years time times hour hours minute minutes
  second seconds january february march april june july august september october november december monday tuesday
  wednesday thursday friday saturday sunday http https www com net org tv online internet web website link links url
  instagram facebook twitter snapchat vevo playlist upload uploads uploaded reel reels shorts hashtag fyp edition
  bonus extended uncut complete free download stream streaming post posts page content creator world people person
  guy guys man men woman women girl girls boy boys kid kids good great bad big huge crazy insane epic amazing awesome
  incredible real really literally super ultimate top omg wow lol wtf special presents present inc llc co ltd vevocertified
  jan feb mar apr jun jul aug sep sept oct nov dec million billion thousand hundred item items price test
  old born third scored sets facts whole million rant alert moment moments name names happens happened happen find finds found ask asks asked answer answers start starts end ends show shows
  meet meets talk talks talking plays react reacts reveals revealed thoughts update announcement perfect favorite
  favourite hands right left hot cool high low long short hard easy different lady mr mrs ms list lists education
  educational information
`)

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter(Boolean))
}
