"""Labels that files have to take as they are."""

# What a spreadsheet would run, or open something by.
FORMULAS = (
    "=1+1",
    "+44 20 7946 0000",
    "-5 and under",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.com","Click")',
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\u00a0=1+1",
    "'=1+1",
    '"=1+1',
    "\u200b=1+1",
    "\x01=1+1",
)
ORDINARY = (
    "Theft (49/10)",
    "O'Neill's",
    '"Quoted" words',
    "Assault - common",
    "10 to 17",
    "2011/12",
    "A;=B",
    "A,B",
    "<b>bold</b> & more",
    "Ynys M\u00f4n, \u0174\u0177\u0175",
    "\u0645\u0631\u062d\u0628\u0627",
    "\u738b\u5c0f\u660e",
    "_x0041_",
    "[c]",
    "{=1+1}",
    "x" * 300,
    "A word after a word, " * 14,
    "http://example.com",
    "#REF!",
)
ODD = FORMULAS + ORDINARY
