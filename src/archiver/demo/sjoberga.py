"""Sjöberga, an invented municipality by a lake, on Sitevision: what its website says on the first day."""

# ruff: noqa: E501  (the words of pages, a block a line)

from archiver.demo.markup import Article
from archiver.demo.town import Leaflet, Town

_POLITIK = "/kommun-och-politik"
_FILES = "/download/18.4f1e22a918c3d0e1f5b"

ARTICLES = (
    Article(
        _POLITIK,
        "Kommun och politik",
        """
        Här finns det mesta om hur Sjöberga kommun styrs: vem som beslutar om vad, var du läser besluten och hur du säger vad du tycker.
        ## Så styrs kommunen
        - [Kommunfullmäktige](/kommun-och-politik/kommunfullmaktige) är kommunens högsta beslutande organ.
        - [Kommunstyrelsen](/kommun-och-politik/kommunstyrelsen) leder och samordnar arbetet.
        - [Nämnder](/kommun-och-politik/namnder) ansvarar för var sin del av verksamheten.
        - [Styrning och ledning](/kommun-och-politik/styrning-och-ledning)
        - [Ungdomsrådet](/kommun-och-politik/ungdomsradet)
        ## Beslut och dokument
        - [Anslagstavla](/kommun-och-politik/anslagstavla)
        - [Protokoll och kallelser](/kommun-och-politik/protokoll-och-kallelser)
        - [Styrdokument](/kommun-och-politik/styrdokument)
        - [Ekonomi och budget](/kommun-och-politik/ekonomi-och-budget)
        - [Överklaga ett beslut](/kommun-och-politik/overklaga-beslut)
        - [Öppna nämndsammanträden](/kommun-och-politik/oppna-namndsammantraden)
        ## Nyheter
        [Bron vid Kvarnfallet öppnar igen](/arkiv/nyheter/2026/2026-02-24-bron-vid-kvarnfallet-oppnar-igen)
        [Intern ingång för förtroendevalda](/intranat/start)
        """,
        updated="2025-10-02",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/kommunfullmaktige",
        "Kommunfullmäktige",
        """
        Kommunfullmäktige har 31 ledamöter och sammanträder i Folkets hus i Sjöberga, oftast den sista måndagen i månaden klockan 18.00. Alla är välkomna att lyssna. Det finns kaffe.
        ## Presidium
        | Uppdrag | Namn | Parti
        | Ordförande | Gunvor Åsberg | Bygdens bästa
        | 1:e vice ordförande | Torsten Melin | Sjöberga framåt
        | 2:e vice ordförande | Leila Nordvall | Röd samling
        ## Sammanträden våren 2026
        - 26 januari
        - 23 februari
        - 30 mars
        - 27 april
        - 15 juni, då även budgeten för 2027 behandlas
        ## Allmänhetens frågestund
        Frågestunden hålls först på dagordningen. Lämna din fråga till [kommunkansliet](/kommun-och-politik/kommunstyrelsen.html) senast tre dagar före sammanträdet.
        """,
        reviewed="2026-01-12",
        stamp="reviewed",
        caption="Fullmäktiges klubba är snidad av ek från den gamla ångbåtsbryggan.",
    ),
    Article(
        f"{_POLITIK}/kommunstyrelsen",
        "Kommunstyrelsen",
        """
        Kommunstyrelsen har elva ledamöter. Den leder och samordnar kommunens angelägenheter, har uppsikt över nämnderna och bereder de ärenden som fullmäktige beslutar om.
        | Uppdrag | Namn | Parti
        | Ordförande | Roland Hedqvist | Bygdens bästa
        | 1:e vice ordförande | Siv Dahlborg | Sjöberga framåt
        | 2:e vice ordförande | Amir Westin | Röd samling
        | Ledamot | Birgitta Ölund | Bygdens bästa
        | Ledamot | Jonas Fälling | Landsbygdslistan
        ## Kontakt
        Kommunkansliet, Kajgatan 1, 999 01 Sjöberga. Telefon 0990-100 10, vardagar 08.30–12.00.
        ! Visste du att
        ! Kommunstyrelsen har sammanträtt i rådhuset sedan 1923, med undantag för vintern 1966 då pannan gick sönder.
        """,
        updated="2025-12-01",
        stamp="page",
        caption="Rådhuset i Sjöberga i morgonljus.",
    ),
    Article(
        f"{_POLITIK}/namnder",
        "Nämnder",
        """
        Sjöberga kommun har fyra nämnder. De ser till att kommunens tjänster fungerar i vardagen.
        - [Bygg- och miljönämnden](/kommun-och-politik/namnder/bygg-och-miljonamnden)
        - Barn- och utbildningsnämnden
        - Socialnämnden
        - Valnämnden
        Läs mer om kommuners och nämnders uppdrag hos [Exempelmyndigheten](https://exempelmyndigheten.example/namnder).
        """,
        updated="2025-10-02",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/namnder/bygg-och-miljonamnden",
        "Bygg- och miljönämnden",
        """
        Nämnden prövar bygglov, utövar tillsyn enligt miljöbalken och beslutar om strandskydd i enskilda ärenden.
        | Uppdrag | Namn | Parti
        | Ordförande | Kjell Brask | Landsbygdslistan
        | Vice ordförande | Nadja Sundell | Sjöberga framåt
        | Ledamot | Holger Myrén | Bygdens bästa
        | Ledamot | Eivor Stamberg | Röd samling
        ## Vanliga frågor
        ? Behöver jag bygglov för en brygga? | Ofta behövs i stället strandskyddsdispens. Ring bygglovsjouren på 0990-100 40 innan du börjar.
        ? Hur lång är handläggningstiden? | Ett beslut om bygglov ska ges inom tio veckor från det att ansökan är komplett.
        """,
        reviewed="2025-11-20",
        updated="2025-09-08T09:15",
        stamp="both",
    ),
    Article(
        f"{_POLITIK}/styrning-och-ledning",
        "Styrning och ledning",
        """
        2017 infördes ett nytt sätt att styra kommunen. Det bygger på tillit: den som står närmast invånaren vet oftast bäst vad som behövs.
        ## Tre löften
        - Vi svarar inom två arbetsdagar.
        - Vi förklarar våra beslut så att de går att förstå.
        - Vi berättar när något har gått fel.
        ## Filmen om Sjöberga 2018
        I filmen från 2018 berättar medarbetare om det första året med den nya modellen. Målen följs upp enligt Agenda 2030 och i kommunplanen för 2024–2027.
        """,
        updated="2025-11-12",
        stamp="page",
        caption="Medarbetardagen på badplatsen. Foto från 2018.",
    ),
    Article(
        f"{_POLITIK}/styrdokument",
        "Styrdokument",
        f"""
        Här samlar vi de policyer, riktlinjer och reglementen som kommunfullmäktige och kommunstyrelsen har antagit.
        ## Policyer och riktlinjer
        - [Riktlinjer för representation och gåvor]({_FILES}2b/1738229400000/Riktlinjer-representation-och-gavor.pdf "Pdf, 2 kB")
        - [Policy för medborgardialog]({_FILES}2c/1717484400000/Policy-medborgardialog.pdf "Pdf, 2 kB")
        ## Reglementen
        - [Arvodesreglemente]({_FILES}1a/1735824600000/Arvodesreglemente.pdf "Pdf, 2 kB")
        - [Arvoden och ersättningar i korthet](/kommun-och-politik/styrdokument/arvoden-och-ersattningar)
        """,
        updated="2025-06-17",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/styrdokument/arvoden-och-ersattningar",
        "Arvoden och ersättningar",
        """
        Förtroendevalda i Sjöberga får arvode för sammanträden och ersättning för förlorad arbetsinkomst. Reglerna gäller för mandatperioden 2023–2026.
        ## Belopp
        | Vad | Belopp
        | Sammanträde, första timmen | 420 kronor
        | Sammanträde, varje påbörjad timme därefter | 210 kronor
        | Förlorad arbetsinkomst, högst per dag | 3 250 kronor
        ## Representation
        Kostnaden för en måltid vid representation får vara högst 450 kronor per person. Kvitto och deltagarförteckning ska alltid lämnas in. Alkohol betalas inte av kommunen.
        ## Beslut
        Antaget av kommunfullmäktige den 28 november 2022, § 114.
        """,
        updated="2024-12-19",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/protokoll-och-kallelser",
        "Protokoll och kallelser",
        f"""
        Kallelser läggs ut senast en vecka före sammanträdet. Protokoll läggs ut när de är justerade. Äldre handlingar lämnas ut av kommunarkivet.
        ## Kommunstyrelsen
        - [Kallelse 10 mars 2026]({_FILES}4d/1772460000000/Kallelse-KS.pdf "Pdf, 2 kB")
        - [Protokoll 10 februari 2026]({_FILES}4e/1771315200000/Protokoll-KS.pdf "Pdf, 2 kB")
        ## Kommunfullmäktige
        Protokollet från den 23 februari justeras i dagarna.
        """,
        updated="2026-02-17",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/anslagstavla",
        "Anslagstavla",
        """
        Detta är Sjöberga kommuns officiella anslagstavla. Här tillkännages sammanträden och justerade protokoll.
        ## Kommunstyrelsen, protokoll
        Sammanträdesdatum: 10 februari 2026. Justerat: 17 februari 2026.
        Anslaget sätts upp: 2026-02-17. Anslaget tas ned: 2026-03-11.
        ## Kommunfullmäktige, kungörelse
        Kommunfullmäktige kallas till sammanträde måndagen den 30 mars 2026 klockan 18.00 i Folkets hus.
        """,
        stamp="no-value",
    ),
    Article(
        f"{_POLITIK}/ekonomi-och-budget",
        "Ekonomi och budget",
        f"""
        Skattesatsen 2026 är 22,14 kronor. Kommunen omsätter 812 miljoner kronor, och nästan hälften går till förskola och skola.
        | Område | Miljoner kronor | Andel
        | Förskola och skola | 371 | 46 procent
        | Äldreomsorg | 248 | 30 procent
        | Gator, park och bad | 63 | 8 procent
        | Övrigt | 130 | 16 procent
        Investeringar 2026 uppgår till 74 miljoner kronor. Den största enskilda posten är det nya vattenverket.
        [Budget 2026 med plan för 2027–2028]({_FILES}3c/1765270800000/Budget-2026.pdf "Pdf, 2 kB")
        """,
        updated="2025-12-09",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/oppna-namndsammantraden",
        "Öppna nämndsammanträden",
        """
        Bygg- och miljönämndens sammanträden är öppna för allmänheten sedan 2019, utom när ärenden som rör enskilda behandlas.
        Föredragningslistan ligger framme i rådhusets entré fem dagar i förväg. Du behöver inte anmäla dig. Vill du att handlingarna läses upp ringer du nämndsekreteraren på 0990-100 44.
        Beslutet om öppna sammanträden fattades av kommunfullmäktige den 25 mars 2019, § 31.
        """,
        updated="2023-04-12",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/overklaga-beslut",
        "Överklaga ett beslut",
        """
        Är du missnöjd med ett beslut kan du ofta överklaga det. Hur du gör står i beslutet.
        ? Laglighetsprövning | Den som är medlem av kommunen får överklaga inom tre veckor från det att protokollet tillkännagavs på [anslagstavlan](/kommun-och-politik/anslagstavla).
        ? Förvaltningsbesvär | Beslut som rör dig själv överklagar du inom tre veckor från den dag du fick del av beslutet.
        ! Skriv så här
        ! Ange vilket beslut det gäller, varför du tycker att det är fel och vad du vill ha i stället. Skriv under. Stavfel gör ingenting.
        """,
        reviewed="2024-05-07",
        stamp="reviewed",
    ),
    Article(
        "/arkiv/nyheter/2026/2026-02-24-bron-vid-kvarnfallet-oppnar-igen",
        "Bron vid Kvarnfallet öppnar igen",
        """
        Efter åtta månaders reparation öppnar bron vid Kvarnfallet för trafik fredagen den 27 februari. Först över blir skolskjutsen från Norrmarken.
        – Vi har lovat barnen i fyran att få klippa bandet, och det löftet tänker vi hålla, säger gatuchef Yngve Tallberg.
        Bron byggdes 1931. Reparationen har kostat 9,4 miljoner kronor, vilket är 600 000 kronor under budget.
        Läs mer om hur broar inspekteras hos [Exempelmyndigheten](https://exempelmyndigheten.example/broar).
        """,
        published="2026-02-24",
        updated="2026-02-25",
        stamp="news",
        caption="Bron sedd från kvarnen. Foto: kommunens arkiv 2019.",
    ),
    Article(
        "/om-webbplatsen",
        "Om webbplatsen",
        """
        Den här webbplatsen ska gå att använda för alla. Hittar du något som inte fungerar vill vi gärna veta det.
        Vi använder bara kakor som behövs för att webbplatsen ska fungera.
        """,
        updated="2025-09-30",
        stamp="page",
    ),
)

LEAFLETS = (
    Leaflet(
        f"{_FILES}1a/1735824600000/Arvodesreglemente.pdf",
        "Arvodesreglemente för förtroendevalda i Sjöberga kommun",
        (
            "# 1 § Vem reglementet gäller",
            "Reglementet gäller för ledamöter och ersättare i kommunfullmäktige, kommunstyrelsen, nämnder och beredningar. "
            "Den som deltar på distans har samma rätt till arvode som den som är på plats.",
            "# 2 § Förlorad arbetsinkomst",
            "Ersättning betalas med styrkt belopp, dock högst 3 250 kronor per dag. Begäran ska lämnas in inom ett år.",
            "# 3 § Barntillsyn",
            "Skäliga kostnader för tillsyn av barn som inte har fyllt tolv år ersätts.",
        ),
        "2025-01-02T14:30",
    ),
    Leaflet(
        f"{_FILES}2b/1738229400000/Riktlinjer-representation-och-gavor.pdf",
        "Riktlinjer för representation och gåvor",
        (
            "# Allmänt",
            "Representation ska präglas av måttfullhet. Gåvor till förtroendevalda och anställda ska alltid redovisas. Den som "
            "är osäker på frågan om jäv ska rådgöra med kommunjuristen innan gåvan tas emot.",
            "# Belopp",
            "En måltid får kosta högst 450 kronor per person.",
        ),
        "2025-01-30T09:30",
    ),
    Leaflet(
        f"{_FILES}2c/1717484400000/Policy-medborgardialog.pdf",
        "Policy för medborgardialog",
        (
            "Den som berörs av ett beslut ska få veta det i god tid. Vi lyssnar innan vi bestämmer, inte efteråt.",
            "Synpunkter som lämnas vid en dialog sammanställs och publiceras inom fyra veckor.",
        ),
        "2024-06-04T09:00",
    ),
    Leaflet(
        f"{_FILES}3c/1765270800000/Budget-2026.pdf",
        "Budget 2026 med plan för 2027–2028",
        (
            "# Skattesats",
            "Skattesatsen för 2026 fastställs till 22,14 kronor per skattekrona.",
            "# Investeringar",
            "Investeringarna uppgår till 74 miljoner kronor, varav vattenverket 31 miljoner kronor, bron vid Kvarnfallet 10 "
            "miljoner kronor och sjöbadet 4 miljoner kronor.",
            "# Personal",
            "Antalet årsarbetare beräknas till 1 104, vilket är oförändrat jämfört med 2025.",
        ),
        "2025-12-09T10:00",
    ),
    Leaflet(
        f"{_FILES}4d/1772460000000/Kallelse-KS.pdf",
        "Kallelse till kommunstyrelsen 10 mars 2026",
        (
            "Tid: tisdagen den 10 mars 2026 klockan 13.15. Plats: Stora salen, rådhuset.",
            "1. Upprop och val av justerare",
            "2. Ekonomisk uppföljning per februari",
            "3. Motion om belysning längs strandpromenaden",
            "4. Namn på den nya förskolan",
        ),
        "2026-03-02T15:00",
    ),
    Leaflet(
        f"{_FILES}4e/1771315200000/Protokoll-KS.pdf",
        "Protokoll från kommunstyrelsen 10 februari 2026",
        (
            "# § 11 Sjöbadets öppettider",
            "Kommunstyrelsen beslutar att sjöbadet ska hålla öppet till klockan 20.00 från den 1 juni till den 31 augusti.",
            "# § 12 Begäran om tilläggsanslag",
            "Ärendet återremitteras till tekniska förvaltningen. Mot beslutet reserverar sig Jonas Fälling till förmån för "
            "eget yrkande.",
        ),
        "2026-02-17T09:00",
    ),
)

SJOBERGA = Town(
    id="sjoberga",
    name="Sjöberga",
    title="Sjöberga kommun",
    theme="sitevision",
    articles=ARTICLES,
    leaflets=LEAFLETS,
    menu=(
        (_POLITIK, "Kommun och politik"),
        (f"{_POLITIK}/anslagstavla", "Anslagstavla"),
        (f"{_POLITIK}/styrdokument", "Styrdokument"),
    ),
    moved=(("/Kommun/Politik", _POLITIK), (f"{_POLITIK}/kommunstyrelsen.html", f"{_POLITIK}/kommunstyrelsen")),
    barred=("/intranat/", "/sok"),
)
