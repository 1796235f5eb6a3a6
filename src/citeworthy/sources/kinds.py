"""What kind of work it is, in the words of every service and program, as a BibTeX entry type."""

from __future__ import annotations

import re

_KINDS = {
    "article": (
        "article articlejournal articlemagazine articlenewspaper journalarticle magazinearticle newspaperarticle "
        "review reviewarticle articlereview reviewbook editorial letter lettertotheeditor note erratum correction "
        "shortsurvey datapaper articleinpress clinicaltrial metaanalysis casereport casereports "
        "randomizedcontrolledtrial systematicreview researcharticle lettersandcomments bookreview "
        "comparativestudy retraction retracted earlyaccess j ieeejournals ieeemagazines ieeejournalsmagazines "
        "casestudy study news journalpaper meetingabstract lettercommunication peerreview"
    ),
    "inproceedings": (
        "inproceedings proceeding paperconference proceedingsarticle conferencepaper conference conferencearticle "
        "proceedingspaper conferenceproceedingarticle conferenceabstract conferencereview c ieeeconferences"
    ),
    "proceedings": "proceedings conferenceproceedings conferenceproceeding proceedingsseries",
    "book": "book monograph editedbook referencebook bookset bookseries b s",
    "incollection": (
        "incollection chapter bookchapter booksection bookpart booktrack entry entrydictionary entryencyclopedia "
        "encyclopediaarticle dictionaryentry referenceentry sectionbook"
    ),
    "phdthesis": "phdthesis thesis dissertation dissertationthesis doctoralthesis phddissertation",
    "mastersthesis": "mastersthesis masterthesis mscthesis",
    "techreport": "techreport report reportseries reportcomponent standard standardseries technicalreport grant",
    "unpublished": "unpublished manuscript speech presentation",
    "online": "online webpage post postweblog blogpost forumpost website electronic",
    "dataset": "dataset database datastudy",
    "software": "software computerprogram",
    "misc": (
        "misc other postedcontent preprint document patent bill legalcase legislation statute legalresource "
        "motionpicture videorecording film broadcast tvbroadcast radiobroadcast podcast song audiorecording "
        "artwork graphic map interview personalcommunication email instantmessage pamphlet paratext "
        "supplementarymaterials component figure treaty performance collection periodical event repository "
        "journal journalvolume journalissue"
    ),
}
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_MASTER = re.compile(r"\bm\.?\s?(sc|a|eng|phil)\b|\bmaster|\bdiplom|\bbachelor|\bb\.?\s?sc\b", re.IGNORECASE)


def bibtex_type(name: str, genre: str = "") -> str:
    """The BibTeX entry type, "" for a word not known.

    `genre` says what kind of thesis it is. Of several words ("Article; Early Access", "IEEE Journals") the first known
    decides.

    >>> bibtex_type("article-journal"), bibtex_type("thesis", "MSc Thesis")
    ('article', 'mastersthesis')
    """
    words = [re.sub(r"[\W\d_]+", "", part).casefold() for part in (name, *re.split(r"[;,|:]", name))]
    kinds = [_BY_WORD[word] for word in words if word in _BY_WORD]
    kind = "incollection" if "incollection" in kinds else next(iter(kinds), "")
    return "mastersthesis" if kind == "phdthesis" and _MASTER.search(f"{genre} {name}") else kind
