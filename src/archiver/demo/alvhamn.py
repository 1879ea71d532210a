"""Älvhamn, an invented municipality at the coast, on Optimizely."""

# ruff: noqa: E501  (the words of pages, a block a line)

from archiver.demo.markup import Article
from archiver.demo.town import Leaflet, Town

_POLITIK = "/kommun--politik"
_FILES = "/globalassets/dokument"

ARTICLES = (
    Article(
        f"{_POLITIK}/",
        "Kommun & politik",
        """
        Välkommen till Älvhamns kommun, där älven möter havet och nämnderna möts på tisdagar.
        - [Kommunfullmäktige](/kommun--politik/kommunens-organisation/kommunfullmaktige/)
        - [Kommunstyrelsen](/kommun--politik/kommunens-organisation/kommunstyrelsen/)
        - [Hamnnämnden](/kommun--politik/kommunens-organisation/hamnnamnden/)
        - [Styrdokument](/kommun--politik/styrdokument/)
        - [Taxor och avgifter](/kommun--politik/taxor-och-avgifter/)
        - [Möten, handlingar och protokoll](/kommun--politik/moten-handlingar-och-protokoll/)
        - [Anslagstavla](/kommun--politik/anslagstavla/)
        - [Dataskydd](/kommun--politik/dataskydd/)
        - [Lotsbåten tillbaka i trafik](/nyheter/lotsbaten-tillbaka-i-trafik/)
        """,
        published="2024-01-15",
        updated="2025-10-06",
        stamp="sentence",
    ),
    Article(
        f"{_POLITIK}/kommunens-organisation/kommunfullmaktige/",
        "Kommunfullmäktige",
        """
        Kommunfullmäktige består av 41 ledamöter som väljs vart fjärde år. Sammanträdena hålls i Sjömansgården och är öppna för alla.
        | Uppdrag | Namn | Parti
        | Ordförande | Barbro Sjöstrand-Ek | Hamnpartiet
        | 1:e vice ordförande | Oskar Lindefelt | Älvdalslistan
        """,
        reviewed="2025-05-07",
        stamp="reviewed",
    ),
    Article(
        f"{_POLITIK}/kommunens-organisation/kommunstyrelsen/",
        "Kommunstyrelsen",
        """
        Kommunstyrelsen är kommunens ledande politiska organ. Ordförande är Henning Rask, Hamnpartiet.
        Kommunstyrelsens arbetsutskott sammanträder tisdagar klockan 08.30.
        """,
        stamp="no-value",
    ),
    Article(
        f"{_POLITIK}/kommunens-organisation/hamnnamnden/",
        "Hamnnämnden",
        """
        Hamnnämnden ansvarar för hamnen, farlederna, kajerna och de två kranarna, varav den ena fungerar.
        | Uppdrag | Namn | Parti
        | Ordförande | Disa Rönnmark | Hamnpartiet
        | Vice ordförande | Evert Kajland | Älvdalslistan
        | Ledamot | Mirja Holmström-Bergh | Hamnpartiet
        | Ledamot | Sten-Åke Trossö | Skärgårdens röst
        Nämnden sammanträder i hamnkontoret.
        """,
        published="2024-02-12",
        updated="2025-03-19",
        stamp="sentence",
    ),
    Article(
        f"{_POLITIK}/styrdokument/",
        "Styrdokument",
        f"""
        Styrdokumenten revideras varje mandatperiod. Frågor besvaras av kommunkansliet.
        - [Hamnordning]({_FILES}/hamnordning.pdf "pdf, 2 kB")
        - [Arkivreglemente]({_FILES}/arkivreglemente.pdf "pdf, 2 kB")
        """,
        published="2024-01-15",
        updated="2025-01-27",
        stamp="sentence",
    ),
    Article(
        f"{_POLITIK}/taxor-och-avgifter/",
        "Taxor och avgifter",
        f"""
        Taxorna beslutas av kommunfullmäktige och gäller per kalenderår.
        ## Vatten och avlopp
        [VA-taxa]({_FILES}/va-taxa.pdf "pdf, 2 kB") gäller alla fastigheter som är anslutna till det allmänna nätet.
        ## Båtplatser
        Sommarplats vid kommunens bryggor kostar 2 400 kronor. Kön till Norra bryggan är för närvarande elva år.
        ! Betala rätt
        ! Fakturor från kommunen kommer aldrig i mejl med en länk. Är du osäker, ring 0992-300 00.
        """,
        published="2024-01-15",
        updated="2025-12-18",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/moten-handlingar-och-protokoll/",
        "Möten, handlingar och protokoll",
        f"""
        Här finns handlingar från den 1 januari 2024. Tidigare handlingar finns i kommunarkivet i källaren, som är öppet onsdagar.
        - [Hamnnämnden 12 februari 2026, protokoll]({_FILES}/protokoll-hamnnamnden.pdf "pdf, 2 kB")
        Ljudfiler från fullmäktige publiceras inom en vecka.
        """,
        published="2024-01-15",
        updated="2026-02-19",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/anslagstavla/",
        "Officiell anslagstavla",
        """
        ## Tillkännagivande av justerat protokoll, hamnnämnden
        Sammanträdesdatum 2026-02-12. Anslaget datum 2026-02-19. Tas ned 2026-03-13.
        ## Kommunfullmäktige
        Sammanträde torsdagen den 26 mars 2026 klockan 17.00 i Sjömansgården.
        """,
    ),
    Article(
        f"{_POLITIK}/dataskydd/",
        "Så behandlar vi personuppgifter",
        """
        Kommunen behandlar personuppgifter för att kunna utföra sitt uppdrag. Personuppgifter sparas inte längre än nödvändigt.
        Varje nämnd är personuppgiftsansvarig för sin verksamhet. Dataskyddsombudet nås på dataskydd@alvhamn.example.
        Läs mer hos [Exempelmyndigheten](https://exempelmyndigheten.example/dataskydd) eller i vår [gamla kanal](/kommun--politik/gdpr/).
        """,
        reviewed="2025-09-01",
        stamp="reviewed",
    ),
    Article(
        "/nyheter/lotsbaten-tillbaka-i-trafik/",
        "Lotsbåten tillbaka i trafik",
        """
        Lotsbåten Vega är tillbaka efter vinterns översyn. Motorn är bytt, skrovet målat och kaffebryggaren fastskruvad.
        – Nu klarar vi våren, säger hamnkapten Majvor Lund.
        """,
        published="2026-02-27",
        stamp="news",
        caption="Vega vid kaj. Foto: hamnkontoret.",
    ),
)

LEAFLETS = (
    Leaflet(
        f"{_FILES}/hamnordning.pdf",
        "Hamnordning för Älvhamns hamn",
        (
            "1 § Hamnordningen gäller inom hamnområdet enligt bifogad karta.",
            "2 § Fartyg ska anmäla ankomst till hamnkontoret senast tolv timmar i förväg.",
            "3 § Det är förbjudet att mata måsarna.",
        ),
        "2024-11-05T13:00",
    ),
    Leaflet(
        f"{_FILES}/arkivreglemente.pdf",
        "Arkivreglemente",
        (
            "Varje nämnd vårdar sitt arkiv. Handlingar får gallras endast efter beslut av arkivmyndigheten.",
            "Kommunens webbplats ska bevaras genom en ögonblicksbild två gånger om året.",
        ),
        "2024-03-11T09:20",
    ),
    Leaflet(
        f"{_FILES}/va-taxa.pdf",
        "VA-taxa 2026",
        (
            "# Brukningsavgifter",
            "Den fasta avgiften är 3 480 kronor per år. Den rörliga avgiften är 41,50 kronor per kubikmeter.",
            "# Betalning",
            "Avgiften faktureras varannan månad. Vid sen betalning tas dröjsmålsränta ut enligt räntelagen.",
        ),
        "2025-12-18T15:10",
    ),
    Leaflet(
        f"{_FILES}/protokoll-hamnnamnden.pdf",
        "Protokoll hamnnämnden 12 februari 2026",
        (
            "# § 4 Kran 2",
            "Nämnden beslutar att begära in offerter på reparation av kran 2. Kostnaden får uppgå till högst 850 000 kronor.",
            "# § 5 Måsar",
            "Informationen läggs till handlingarna.",
        ),
        "2026-02-19T10:00",
    ),
)

ALVHAMN = Town(
    id="alvhamn",
    name="Älvhamn",
    title="Älvhamns kommun",
    theme="optimizely",
    articles=ARTICLES,
    leaflets=LEAFLETS,
    menu=(
        (f"{_POLITIK}/", "Kommun & politik"),
        (f"{_POLITIK}/taxor-och-avgifter/", "Taxor och avgifter"),
        (f"{_POLITIK}/anslagstavla/", "Anslagstavla"),
    ),
    moved=((f"{_POLITIK}/gdpr/", f"{_POLITIK}/dataskydd/"), ("/Templates/Page.aspx", f"{_POLITIK}/")),
    barred=("/util/", "/sok/"),
)
