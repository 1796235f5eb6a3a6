"""What kind of work it is, in the words of every service and program, as a BibTeX entry type."""

from __future__ import annotations

import re

_KINDS = {
    "article": "article articlejournal articlemagazine articlenewspaper journalarticle magazinearticle newspaperarticle "
    "review reviewarticle articlereview reviewbook editorial letter lettertotheeditor note erratum correction shortsurvey "
    "datapaper journal articleinpress clinicaltrial metaanalysis casereport casereports randomizedcontrolledtrial "
    "systematicreview researcharticle lettersandcomments journalissue bookreview comparativestudy retraction retracted "
    "earlyaccess j ieeejournals ieeemagazines ieeejournalsmagazines casestudy study news journalpaper meetingabstract "
    "lettercommunication peerreview",
    "inproceedings": "inproceedings paperconference proceedingsarticle conferencepaper conference conferencearticle "
    "proceedingspaper conferenceproceedingarticle conferenceabstract conferencereview c ieeeconferences",
    "proceedings": "proceedings conferenceproceedings conferenceproceeding proceedingsseries",
    "book": "book monograph editedbook referencebook bookset bookseries b s",
    "incollection": "incollection chapter bookchapter booksection bookpart booktrack entry entrydictionary "
    "entryencyclopedia encyclopediaarticle dictionaryentry referenceentry sectionbook",
    "phdthesis": "phdthesis thesis dissertation dissertationthesis doctoralthesis phddissertation",
    "mastersthesis": "mastersthesis masterthesis mscthesis",
    "techreport": "techreport report reportseries reportcomponent standard standardseries technicalreport grant hearing",
    "unpublished": "unpublished manuscript speech presentation",
    "online": "online webpage post postweblog blogpost forumpost website electronic",
    "dataset": "dataset database datastudy",
    "software": "software computerprogram",
    "misc": "misc other postedcontent preprint document patent bill legalcase legislation statute legalresource motionpicture "
    "videorecording film broadcast tvbroadcast radiobroadcast podcast song audiorecording artwork graphic map interview "
    "personalcommunication email instantmessage pamphlet paratext supplementarymaterials component figure treaty "
    "performance collection periodical event repository",
}  # fmt: skip
_BY_WORD = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_MASTER = re.compile(r"\bm\.?\s?(sc|a|eng|phil)\b|\bmaster|\bdiplom|\bbachelor|\bb\.?\s?sc\b", re.IGNORECASE)


def bibtex_type(name: str, genre: str = "") -> str:
    """The BibTeX entry type, "" for a word not known.

    `genre` says what kind of thesis it is. Of several words ("Article; Early Access", "IEEE Journals") the first known
    decides.

    >>> bibtex_type("article-journal"), bibtex_type("thesis", "MSc Thesis")
    ('article', 'mastersthesis')
    """
    whole, *parts = [name, *re.split(r"[;,|:]", name)]
    kind = next((found for part in (whole, *parts) if (found := _BY_WORD.get(re.sub(r"[\W_\d]+", "", part).casefold()))), "")
    return "mastersthesis" if kind == "phdthesis" and _MASTER.search(f"{genre} {name}") else kind
