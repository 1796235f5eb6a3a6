"""The words that mark what a sentence does: states a problem, proposes, finds, or says little to a column."""

from __future__ import annotations

import re

PROPOSES = re.compile(
    r"\b(?:propos\w+|introduc\w+|present(?:s|ed)|develop\w*|novel|new|framework|algorithm|method|approach|"
    r"architecture|pipeline|platform|survey\w*|stud(?:y|ies|ied)|investigat\w+|explor\w+|analy[sz]\w+|examin\w+|"
    r"this (?:paper|work|article)|we|authors?|by \w+ing|trains?|trained|modif\w+|designed|combin\w+|separat\w+|"
    r"remedy|put forward|module\w*|generator|mechanism|objective|scheme|strategy|loss)\b|\([A-Z][\w-]*[A-Z0-9]\w*\)",
    re.IGNORECASE,
)
SHOWN = re.compile(r"\b(?:prove[sd]?|proven|shows?|shown|demonstrate[sd]?|finds?)\b", re.IGNORECASE)
LACKS = re.compile(
    r"\b(?:problem|challeng\w+|difficult|difficulty(?!-)|difficulties|lack\w*|limit\w+|fail\w*|suffer\w*|hard|"
    r"cannot|(?:has|have|had|does|do|did|could|is|are) (?:\w+ )?not|not (?:yet|fully|been)|costly|expensive|"
    r"remain\w*|no(?! longer)|little|few|neither|ignor\w+|neglect\w+|inefficien\w+|inflexible|impractical\w*|"
    r"prohibitive\w*|struggl\w+|understudied|unclear|complicat\w+|unsuited|poor\w*|worse|overhead|open|too|only|"
    r"whether|heterogeneous|sub-?optimal\w*|degrad\w+|instab\w+|unstable|vulnerable|brittle|elusive|unexplored|"
    r"under-?explored|miss\w*|needs?|static|heav\w+|vast|risky?|slow|less (?:stable|effective|efficient)|bottleneck|"
    r"hardly|rarely|conservative|restrict\w*|depends? heavily|sensitive|separate|ad hoc|incompatible|incomplete|"
    r"noisy|irregular\w*|burden\w*|gap|poses?)\b",
    re.IGNORECASE,
)
FINDS = re.compile(
    r"\d|\b(?:results?|outperform\w*|improv\w+|achiev\w+|surpass\w*|beats?|better|best|faster|superior|higher|lower|"
    r"equals?|rivals?|competitive|state[- ]of[- ]the[- ]art|significant\w*|reduc\w+|rais\w+|cuts?|gains?|accura\w+|"
    r"fewer|less|par|prov\w+|bound\w*|converge\w*|effective\w*|efficien\w+|robust\w*|show\w*|demonstrat\w+|find\w*|"
    r"found|experiment\w*|success\w*|solv\w+|perform\w*|exceed\w*|match\w*|comparable|stable|stably|worse|fails?|"
    r"drops?|grows?|well|learns?|exceptional|negative|positive|supports?|evidence|observ\w+|reveal\w*|confirm\w*|"
    r"able|lifts?|lets?|enabl\w+)\b",
    re.IGNORECASE,
)
SAYS_LITTLE = {
    "result": re.compile(
        r"^(?:we )?(?:evaluate|employ|consider|have considered|analy[sz]e|use|present relevant|develop)\b|^find the\b|"
        r"\b(?:was|were|is|are) (?:developed|conducted|used|collected|considered)\b|\bin order to\b|"
        r"\bis a (?:proof|system|tool)|"
        r"^(?:presents|proposes|introduces|formulates|studies|explores|investigates|describes|develops|"
        r"identifies)\b|\b(?:is|are) (?:also )?(?:\w+ly )?(?:analy[sz]ed|discussed|examined|studied|explored|"
        r"released|announced|public|available|described|presented|highlighted|identified|given|provided|introduced|"
        r"considered|investigated|reported)$|\b(?:this|the) (?:paper|work) (?:\w+s)\b|\bcode\b(?! lines)|"
        r"\bindicates?$|\brefinements? follow|\bdemonstrates? this\b|\bexperiments (?:cover|range)\b|\bhopes?\b|"
        r"\bis shown on\b|\bconsiderations\b|\b(?:are|is) added\b|\b(?:tests|experiments) \w.{0,60}\b(?:examine|"
        r"compare)\b|\bexperiments compare\b|\bis established\b|\bpublic\b|\bis trained$|"
        r"^(?:\w+ ){1,6}(?:is|are) (?:general|effective|efficient|useful|promising)$",
        re.IGNORECASE,
    ),
    "problem": re.compile(
        r"\b(?:this (?:paper|work|tutorial|survey|study|article)|is formulated|with no|recast|cast as|addressed by|"
        r"proposed?|proposes|introduces?|presents?|novel|effectively|promise|promising|success\w*|impressive\w*|"
        r"remarkabl[ey]|mitigates?|is a simple|provably)\b",
        re.IGNORECASE,
    ),
    "method": re.compile(
        r"^(?:finds|shows|proves|demonstrates|consists of)\b|\bencourage\b|\b(?:prominent problem|"
        r"have been proposed|ambitions|contributions|"
        r"believes?|prior (?:research|work)|previous work|been explored|is shown|worse|better than|according to|"
        r"inferior|outperform\w*|surpass\w*|supports? this|existing (?:algorithms|methods)|highlighted|very easy|"
        r"poorly|well|faster|better|superior|win rate|proves? (?:critical|effective)|sets a new|expensive|costly|"
        r"difficult|hard|struggles?|challenging|this (?:weakness|problem|challenge|limitation|gap|issue|step|end|aim)|"
        r"(?:also|then) (?:treats?|reviewed|studied))\b|"
        # a kind without what sets it apart, or praise
        r"\b(?:an?|the|class of) (?:(?:new|novel|general|simple|unified) )*(?:(?:class|family) of )?"
        r"(?:algorithm|method|framework|approach|model|technique|architecture|system)s?$|"
        r"\b(?:proposed|introduced) in response$|\bis (?:\w+ly )?(?:practical|simple|orthogonal|general|flexible|"
        r"principled|efficient|novel|new)(?: and \w+)?$",
        re.IGNORECASE,
    ),
}
CUES = {
    "problem": re.compile(
        r"\b(however|problem|challeng\w+|difficult\w*|lack\w*|limit\w+|fail\w*|suffer\w*|hard|cannot|not|costly|"
        r"expensive|remain\w*|no|little|few|neither|many|ignor\w+|neglect\w+|inefficien\w+|inflexible|"
        r"impractical\w*|prohibitive\w*|struggl\w+|understudied|unclear|complicat\w+|unsuited|poor\w*|worse|"
        r"overhead|critical|open|too|only|whether|miss\w*|needs?|static|suboptimal\w*|sub-optimal|degrad\w+|"
        r"instab\w+|vulnerable|brittle|elusive|unexplored|less)\b",
        re.IGNORECASE,
    ),
    "method": re.compile(
        r"\b(by|using|combin\w+|train\w*|learn\w*|framework|algorithm|method|approach|architecture|system|model|"
        r"based|via|new|novel|pipeline|technique|separat\w+|mix\w*|couples?|modif\w+|introduc\w+)\b",
        re.IGNORECASE,
    ),
    "result": re.compile(
        r"(?<![\w-])\d[\d.,]*\s?(?:%|x\b|×|times|points)?|\b(outperform\w*|improv\w+|achiev\w+|surpass\w*|beats?|"
        r"better|best|faster|superior|higher|lower|equals?|rivals?|competitive|state[- ]of[- ]the[- ]art|"
        r"significant\w*|reduc\w+|rais\w+|cuts?|gains?|accura\w+|fewer|par|prov\w+|bound\w*|converge\w*|"
        r"effective\w*|efficien\w+|robust\w*)\b",
        re.IGNORECASE,
    ),
    "limitation": re.compile(
        r"\b(limit\w+|cost\w*|only|not|cannot|require\w*|trade-?offs?|assum\w+|restrict\w*|fail\w*|give[ns]? up|"
        r"however|but|degrad\w+|lower|open|future)\b",
        re.IGNORECASE,
    ),
}
