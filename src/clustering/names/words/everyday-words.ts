// What titles in other languages than English say whatever they are about, and stopwords-iso does not know: how, why and
// where, the verbs of instructions, praise, and what belongs to a video. `stop-words.ts` has these for English.

/** By the code of ISO 639-1. They may stand inside a phrase, never at its ends. */
export const EVERYDAY_WORDS: Readonly<Record<string, string>> = {
  ar: `كيفية لماذا طريقة طرق عمل تعمل يعمل تحضير صنع أفضل افضل أحسن احسن جديد جديدة سهل سهلة سهله بسيط بسيطة سريع سريعة
    كامل كاملة مجانا رسمي فيديو حلقة الحلقة جزء الجزء دقائق دقيقة ساعات خطوة خطوات أشياء اشياء يجب تفعل نفعل بدون
    كثيرا كثيراً قليلا دائما فقط الآن جدا مكان أماكن تعلم تعلّم تعلمي توقف ابدأ يكلف تكلف يكسب تربح يحدث يحتاج تحتاج
    تعرف اعرف اكتشف تجنب جرب شاهد لهذا تستحق يستحق`,
  bg: `направим направите приготвим приготвите ново лесна бързо бърза част епизод видео минути стъпка начин начини неща
    струва научи научете спри спрете започни работи`,
  bn: `কিভাবে কীভাবে কোথায় কখন তৈরি করুন বানানো বানাবেন সেরা সহজ উপায় নিয়ম ভিডিও পর্ব মিনিট লাগে শিখুন শেখা জানুন
    দেখুন কিনুন`,
  ca: `millor millors nou nova nous noves fàcil fàcils ràpid ràpida complet gratis oficial vídeo capítol part minuts
    hores passos manera maneres coses veure costa guanya aprèn deixa comença evita descobreix`,
  cs: `udělat upéct péct uvařit vařit připravit vybrat vidět nejlepší nová snadný snadná snadné snadno jednoduchý
    jednoduchá jednoduché jednoduše rychlý rychlá rychlé rychle díl část video minut minuty hodin krok kroky způsob
    způsoby věci funguje nefunguje nejde doma stojí vydělává naučte nauč naučit přestaňte přestat začněte začít
    zkuste vyhněte potřebujete musíte`,
  da: `lave laver bage bager gøre gør finde vælge lære vide bruge virker bedste gode nye nem nemme nemt enkel enkle let
    hurtig hurtige hurtigt perfekt perfekte gratis afsnit del minutter minut timer trin måde måder ting hjemme
    koster tjener lær stop start prøv undgå derfor sker`,
  de: `beste bester bestes neu neuer neues einfach einfache einfachen einfaches schnell schnelle schnellen schnelles
    leichte leichten perfekt perfekte perfekten komplett kostenlos offiziell folge minuten minute stunden schritt
    schritte dinge funktioniert mach solltest selber lernen lecker leckere leckeren leckeres kostet kosten lerne
    lernst verdient passiert brauchst braucht vermeide probiere starte lohnt`,
  el: `πώς γιατί πού πότε φτιάξετε φτιάξεις φτιάξω φτιάχνω φτιάχνουμε κάνω κάνετε κάνεις κάνουμε μαγειρέψετε
    μαγειρέψεις δείτε δεις πάτε πας καλύτερα καλύτερο καλύτερη καλύτερες καλύτεροι νέο νέα νέες εύκολο εύκολη εύκολα
    γρήγορο γρήγορη γρήγορα επεισόδιο μέρος βίντεο λεπτά ώρες βήμα βήματα τρόπος τρόποι πράγματα πόσο πόσα πόση
    κοστίζει κοστίζουν κερδίζει μάθε μάθετε σταμάτα σταματήστε ξεκίνα δοκίμασε απόφυγε αυτό αυτός αυτή έτσι ιδού
    πρέπει συμβαίνει`,
  es: `haz vas puedes necesitas funciona funcionan sirve pasa carga mejores fácil fáciles rápido rápida rápidos rápidas
    sencillo sencilla perfecto perfecta completo completa gratis oficial vídeo capítulo episodio minutos minuto hora
    paso pasos forma formas maneras suscríbete rico rica deliciosa delicioso cuesta cuestan gana aprende aprendan
    deja dejen empieza evita prueba descubre mejora cambia compra ahorra vive sucede conoce mira vale pena`,
  fa: `بهترین آسان ساده سریع رایگان رسمی ویدیو قسمت دقیقه ساعت روش طرز تهیه درست ساختن پختن نمیشود یاد ترک ببینید
    بدانید`,
  fi: `tehdä tee teet tehdään leipoa paras parhaat parasta helppo helpot nopea nopeat osa jakso minuutissa minuuttia
    tuntia toimi toimii pitää paljonko maksaa maksavat tienaa opi oppia lopeta aloita kokeile vältä pitäisi`,
  fr: `faire voir aller préparer prendre mettre apprendre connaître devez pouvez faut fonctionne marche meilleur
    meilleure meilleurs meilleures nouvelle nouvelles dernière facile faciles facilement rapide rapides rapidement
    simple simples simplement parfait parfaite complet complète gratuit gratuite officiel officielle vidéo vidéos
    épisode partie minutes minute heures heure façons manière manières chose choses étape étapes abonnez délicieux
    délicieuse coûte coûtent gagne apprends apprenez arrêtez arrête commence commencez évite évitez essaie essayez
    découvre découvrez améliore change achète vis passe vaut peine`,
  he: `לעשות להכין לבשל לאפות לראות ללמוד הכי טוב הטוב טובים הטובים חדש חדשה קל קלה קלים פשוט פשוטה מהיר מהירה מושלם
    מלא חינם רשמי וידאו פרק חלק דקות שעות צעד צעדים דרכים דברים כמה עולה עולים מרוויח לימדו להפסיק להתחיל תפסיקו
    צריך קורה`,
  hi: `कैसे क्यों क्या कहाँ कहां कब बनाएं बनाएँ बनाये बनायें बनाए बनाने बनाना करे देखें देखे जाएं जाएँ जाने नही अच्छा
    अच्छी अच्छे बेस्ट नया नई नए आसान सरल तरीका तरीके तरीक़ा विधि पूरी फ्री वीडियो भाग एपिसोड मिनट घंटे स्टेप चीजें
    चीज़ें रही बिना कितनी कितने सीखो सीखना छोड़ो छोड़ना कमाता चाहिए इसलिए`,
  hr: `zašto gdje napraviti pripremiti ispeći skuhati vidjeti najbolji najbolja najbolje novi nova novo nove lako
    jednostavno jednostavan brzo brzi dio epizoda minuta minute sati korak način načini stvari radi koliko košta
    zarađuje nauči naučite prestani prestanite počni evo ovako zato treba`,
  hu: `készíts készítsünk készítsd csinálj csináljunk legjobb egyszerű egyszerűen gyors gyorsan könnyű könnyen
    tökéletes rész videó perc perce percek lépés lépések módja módszer dolog dolgok otthon mennyibe kerül keres
    tanulj tanulja hagyd kezdj kezdd próbáld kerüld`,
  id: `bikin memasak masak memilih belajar pergi terbaik terbaru mudah gampang simpel cepat praktis sederhana lengkap
    gratis resmi menit jam langkah dimana enak biaya harga berhenti coba hindari`,
  it: `cose vedere vedi guarda prepara usa devi puoi posso bisogna serve funziona funzionano succede migliore migliori
    nuova nuove ultima ultimi ultime facile facili facilissimo facilissima veloce veloci semplice semplici perfetto
    perfetta completo completa gratis bello bella ufficiale puntata episodio minuti minuto passo passi modi canale
    iscriviti costa costano guadagna impara imparate smetti smettete inizia iniziate evita prova scopri migliora
    cambia compra risparmia vivi davvero conviene vale pena`,
  ja: `作り方 やり方 使い方 選び方 方法 理由 作 方 簡単 最高 最強 最新 新 新作 人気 話題 公式 動画 無料 完全 徹底 回 分 秒 時間 話 編 解説 紹介 本当 絶対 今日 今年 最近 自分 必要 可能 場合 場所
    時 人 中 前 後 日 月 年 的 用 版 本 一番 二 三 上 下 いくら 多少`,
  kn: `ಹೇಗೆ ಏಕೆ ಯಾಕೆ ಏನು ಎಲ್ಲಿ ಯಾವಾಗ ಈ ಆ ಒಂದು ಮತ್ತು ಮಾಡುವುದು ಮಾಡುವ ಮಾಡಿ ವಿಧಾನ ಅತ್ಯುತ್ತಮ ಹೊಸ ಸುಲಭ ಇಲ್ಲ ಇದು ಅದು ವಿಡಿಯೋ`,
  ko: `하는 하기 하는법 만들기 만드는 만드는법 만들어 만들 방법 법 이유 뭐 최고 최고의 추천 새로운 쉬운 쉽게 쉽고 간단 간단한 간단하게 간단히 빠른 빠르게 맛있는 맛있게 완벽 완벽한 무료 공식 영상
    동영상 단계 안 못 없이 있는 없는 되는 되지 않는 않는다 않나 먹는 가는 가볼 가볼만한 만한 꼭 해야 할 수 집에서 들까 배우기 배우는 끊기 끊는 시작하기 시작 줄이기 이렇게 나는 만할까 어떤`,
  ml: `എങ്ങനെ എന്തുകൊണ്ട് എന്ത് എവിടെ എപ്പോൾ ഈ ആ ഒരു ഉണ്ടാക്കാം ഉണ്ടാക്കുന്ന ചെയ്യാം രീതി മികച്ച പുതിയ എളുപ്പം ഇല്ല
    വീഡിയോ`,
  ms: `cara buat memasak masak memilih belajar pergi terbaru cepat ringkas lengkap percuma rasmi minit jam mengapa
    kenapa bagaimana sedap berapa berhenti mula cuba elak harus`,
  nl: `bakken bakt bak koken kookt kook kiezen leren ontdekken proberen vinden zien kijken weten gebruiken laten laadt
    werkt werken beste nieuw nieuwe makkelijk makkelijke snel snelle eenvoudig eenvoudige lekker lekkere lekkerste
    perfect perfecte gratis officiële aflevering deel minuten minuut uur uren stap stappen manier manieren dingen
    ding bezoeken valt hoeveel kost kosten verdient leer stoppen stop begin probeer vermijd ontdek koop bespaar leef
    gebeurt nodig loont waard`,
  no: `lager bake baker gjøre gjør finne velge lære virker beste gode nye nytt enkel enkle enkelt lett rask raske raskt
    perfekt perfekte gratis episode del minutter minutt timer steg måter ting hjemme koster tjener lær prøv unngå
    derfor skjer`,
  pa: `ਕਿਵੇਂ ਕਿਉਂ ਕੀ ਕਿੱਥੇ ਕਦੋਂ ਦਾ ਦੀ ਦੇ ਨੂੰ ਵਿੱਚ ਵਿਚ ਤੋਂ ਤੇ ਅਤੇ ਹੈ ਹਨ ਨਹੀਂ ਇਹ ਉਹ ਇੱਕ ਨਾਲ ਲਈ ਬਣਾਉਣ ਬਣਾਉਣਾ ਬਣਾਓ ਕਰਨ ਕਰੋ
    ਤਰੀਕਾ ਵਧੀਆ ਨਵਾਂ ਨਵੀਂ ਆਸਾਨ ਵੀਡੀਓ ਮਿੰਟ`,
  pl: `zrób zrobi działa działają warto najlepszy najlepsza najlepsze nowy nowa nowego łatwy łatwa łatwe łatwo szybki
    szybka szybkie szybko prosty prosta proste prosto idealny idealna idealne odcinek część minut minuty godzin
    godziny krok kroki sposoby rzeczy rzecz pyszny pyszna pyszne kosztuje kosztują zarabia naucz nauczyć przestań
    zacznij unikaj spróbuj odkryj kup potrzebujesz musisz dzieje`,
  pt: `faça precisa funciona funcionam serve acontece carrega melhor melhores última últimos últimas fácil fáceis
    rápido rápida rápidos rápidas simples perfeito perfeita completo completa grátis oficial vídeo capítulo episódio
    minutos minuto passo passos jeito formas maneira maneiras coisas inscreva gostoso gostosa delicioso deliciosa
    custam ganha aprenda aprende pare comece evite experimente descubra melhore mude compre economize viva conheça
    use vale pena`,
  ro: `faci facem prepari pregătești vezi mergi alegi merge bun buni bune ușor ușoară ușoare rapid rapidă simplu simplă
    perfect perfectă gratuit episodul partea minute ore pas pași lucruri costă câștigă învață învățați lasă lăsați
    începe încearcă evită descoperă cumpără trebuie întâmplă iată așa câți`,
  ru: `испечь работает работают самая самое самые новая новое новые простой простая простое простые быстрый быстрая
    быстро лёгкий легкий легко вкусный вкусная вкусное вкусно полный бесплатно официальный видео серия выпуск минут
    минуты часа часов шаг шага шагов способ способы вещи вещей руками домашних условиях стоит стоят зарабатывает
    научись научитесь учим учите бросить бросай бросаем начни попробуй избегай узнай купить какие какую какого каких`,
  sk: `urobiť upiecť uvariť pripraviť vybrať vidieť najlepší najlepšia najlepšie nový nová nové ľahký ľahko jednoduchý
    jednoduchá jednoduché jednoducho rýchly rýchla rýchle rýchlo diel časť minút minúty hodín krok kroky spôsob
    spôsoby veci funguje nefunguje doma koľko stojí zarába naučte nauč prestaňte začnite skúste potrebujete takto`,
  sl: `narediti pripraviti speči skuhati najboljši najboljša nov nova novo enostavno hitro del minut korak način načini
    stvari koliko stane zasluži nauči naučite nehaj začni zato`,
  sv: `laga lagar baka bakar se välja lära hitta veta använda fungerar bästa ny nya nytt lätta snabb snabba snabbt
    perfekt perfekta gratis avsnitt minuter minut timmar steg sätt saker hemma startar laddar kostar tjänar lär
    sluta börja prova undvik upptäck köp behöver händer`,
  ta: `எப்படி ஏன் என்ன எங்கே எப்போது இந்த அந்த ஒரு இது அது மற்றும் செய்வது செய்ய செய்யும் செய்யலாம் முறை சிறந்த புதிய
    எளிய எளிதாக இல்லை உள்ள என்று வீடியோ நிமிடம் நிமிடத்தில்`,
  te: `ఎలా ఎందుకు ఏమిటి ఏం ఎక్కడ ఎప్పుడు ఈ ఆ ఒక మరియు చేయడం చేయాలి చేసే చేసుకోవాలి తయారీ విధానం ఉత్తమ కొత్త సులభంగా
    లేదు ఉన్న ఇది అది వీడియో నిమిషాల్లో`,
  th: `วิธี วิธีการ ทำ ทำไม อย่างไร ยังไง ไหน ที่ไหน เมื่อไหร่ ดีที่สุด ดี ใหม่ ง่าย ง่ายๆ เร็ว ฟรี วิดีโอ คลิป ตอน
    นาที ชั่วโมง ขั้นตอน สิ่ง ติด ควร ห้าม พลาด เท่าไหร่ เท่าไร เท่า ไหร่ เรียน เลิก ใช้ ลอง`,
  tl: `kailan gawin magluto lutuin pinakamahusay madali mabilis wala`,
  tr: `yapılışı yapımı yapma yapalım yap edilir alınır gezilecek görülecek görülmesi gereken evde güzel yeni kolay
    kolayca pratik hızlı basit lezzetli ücretsiz resmi bölüm kısım dakika dakikada saat adım yolu yolları yerler
    çalışmıyor olmuyor açılmıyor kaç öğren öğrenin öğrenmek bırak bırakın başla başlayın dene kaçın lazım yüzden
    değer mi mı`,
  uk: `чому куди зроби працює працюють найкращий найкраща найкраще найкращі новий нова нове нові простий проста просте
    прості просто швидкий швидка швидко легкий легко смачний смачна смачно відео серія випуск частина хвилин хвилини
    годин крок кроки спосіб способи речі своїми руками вдома скільки коштує коштують заробляє навчися навчіться
    вчимо кинути кидай почни спробуй уникай треба потрібно ось`,
  ur: `کیسے کیا کہاں بنائیں بنانے بنانا کرنے کرنا نہیں بہترین نیا نئی نئے آسان مکمل ویڈیو قسط منٹ بغیر`,
  vi: `cách nấu xem chọn học tốt dễ đơn giản nhanh đầy đủ miễn phí thức tập phần phút giờ bước tự ngon bao nhiêu tốn
    hết kiếm bỏ bắt đầu`,
  zh: `没有 没 怎么做 方法 做法 教你 学会 制作 吃 玩 最好 最佳 最新 最全 简单 快速 轻松 容易 完整 完美 免费 官方 视频 高清 集 部分 分钟 小时 步骤 必 必去 必看 必吃 推荐 合集 在家 值得 无法 不能
    不上 不了 不要 好吃 不可 好玩 地方 怎麼 怎樣 為什麼 哪裡 這 這個 這些 那個 沒 沒有 還 還是 會 為 為了 對 與 從 讓 說 嗎 們 我們 你們 他們 個 一個 什麼 時候 簡單 輕鬆 影片 視頻 分鐘
    小時 步驟 推薦 無法 多少钱 多少錢 要花 花 学 學 学习 需要 停止 一个人 事情`,
}
