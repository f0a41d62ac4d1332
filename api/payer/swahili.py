"""What the payer's page says in Swahili. Names in braces are facts."""

from collections.abc import Mapping

SWAHILI: Mapping[str, str] = {
    "title_pay": "Lipa {merchant}",
    "skip": "Ruka hadi yaliyomo",
    "languages": "Lugha",
    "page_of": "Unalipa",
    "to": "kwa {merchant}",
    "order": "Oda {reference}",
    "test": "Hili ni jaribio. Hakuna pesa inayotumwa.",
    "choose": "Malipo yako",
    "again": "Jaribu tena",
    "wrong": "Tafadhali angalia:",
    "label_phone": "Namba yako ya simu",
    "hint_phone": "Namba ya akaunti unayolipia, kwa mfano {example}",
    "label_method": "Unataka kulipa vipi?",
    "hint_method": "Huna uhakika? Usichague: tutaitambua kwa namba yako.",
    "page_hint": "Utalipa kwenye ukurasa wake kisha urudi hapa.",
    "label_email": "Barua pepe ya risiti (si lazima)",
    "label_sms": "Nitumie risiti kwa SMS pia",
    "pay": "Lipa {amount}",
    "busy": "Subiri kidogo…",
    "cancel": "Ghairi",
    "none_fits": "Hakuna njia ya kulipa kiasi hiki kwa sasa. Tafadhali jaribu baadaye.",
    "wait_hint": (
        "Haifanyi kazi kwa sasa. Ukiichagua, tutauliza simu yako itakapofanya kazi tena."
    ),
    "queued": "{rail} haifanyi kazi kwa sasa",
    "queued_text": (
        "Hakuna kilichotumwa wala kukatwa. Tunahifadhi ombi lako na tutaomba {amount} kwenye "
        "simu yako {rail} itakapofanya kazi tena. Unaweza kufunga ukurasa huu, au kughairi."
    ),
    "missing_phone": "Andika namba yako ya simu.",
    "wrong_phone": "Namba hii ya simu haifai. Iandike kama {example}.",
    "missing_method": "Chagua njia ya kulipa: namba peke yake haitoshi.",
    "other_method": (
        "Namba hii inaonekana ni ya {other}. Chagua {other}, au bonyeza tena kuendelea na {method}."
    ),
    "wrong_method": "Njia hii ya kulipa haipatikani. Chagua nyingine.",
    "wrong_email": "Hii si barua pepe sahihi.",
    "card": "Usiandike kamwe namba ya kadi hapa.",
    "down": "{method} haifanyi kazi kwa sasa. Chagua njia nyingine.",
    "waiting": "Angalia simu yako",
    "asking": "Tunaomba {amount} kupitia {rail} kutoka {payer}.",
    "pin_mpesa": (
        "M-Pesa inaonyesha ombi kwenye simu yako. Hakikisha kiasi kisha weka PIN yako ya M-Pesa."
    ),
    "pin_momo": (
        "MTN inaonyesha ombi kwenye simu yako. Usipoliona, piga *126# (kwingine *165#) "
        "uangalie maombi yanayosubiri. Weka PIN yako ya MoMo."
    ),
    "pin_airtel": "Airtel inaonyesha ombi kwenye simu yako. Weka PIN yako ya Airtel Money.",
    "pin_orange_cm": (
        "Orange inakuuliza kwenye simu yako. Usipoliona ombi, piga #150# uidhinishe kwa namba "
        "yako ya siri."
    ),
    "pin_any": "Ombi litaonekana kwenye simu yako. Hakikisha kiasi kisha weka PIN yako.",
    "secret": "Weka PIN kwenye simu yako tu. Sisi hatuiombi kamwe.",
    "moves": "Ukurasa huu unabadilika wenyewe.",
    "look": "Angalia tena",
    "help": "Huoni kitu kwenye simu?",
    "help_on": "Je, simu imewashwa, imefunguliwa na ina mtandao?",
    "help_slow": "Ombi linaweza kuchukua dakika moja au mbili.",
    "help_done": "Umeshaweka PIN? Basi subiri tu.",
    "help_number": (
        "Je, {payer} ni namba sahihi? Kama sivyo, subiri ombi hili liishe: kisha unaweza "
        "kujaribu tena."
    ),
    "still": (
        "Bado tunasubiri. Unaweza kufunga ukurasa huu: malipo yanaendelea, na anwani hii "
        "itaonyesha matokeo."
    ),
    "leave": "Endelea kwa {rail}",
    "leave_text": "Unalipa {amount} kwenye ukurasa wa {rail}. Baadaye rudi kwenye ukurasa huu.",
    "leave_button": "Endelea kwa {rail}",
    "preparing": "Subiri kidogo",
    "preparing_text": "Tunafungua ukurasa wa {rail}.",
    "unknown": "Usilipe tena",
    "unknown_text": (
        "{rail} haijatuambia wazi kama malipo yako ya {amount} yamefanyika. Tunaendelea "
        "kuuliza, na ukurasa huu utabadilika tukijua."
    ),
    "unknown_safe": (
        "Kama pesa imetoka kwenye akaunti yako, haijapotea. Kama haijatoka, unaweza kulipa baadaye."
    ),
    "unknown_close": "Unaweza kufunga ukurasa huu na kurudi baadaye.",
    "paid": "Imelipwa",
    "paid_text": "Umelipa {amount} kwa {merchant}. Asante.",
    "receipt": "Ona risiti yako",
    "back": "Rudi kwa {merchant}",
    "failed": "Malipo hayakufanyika. Hakuna pesa iliyokatwa.",
    "why_insufficient_funds": "Salio la akaunti halikutosha.",
    "why_payer_cancelled": "Ombi lilighairiwa kwenye simu.",
    "why_prompt_expired": "Ombi halikujibiwa kwa wakati.",
    "why_wrong_pin": "PIN haikuwa sahihi.",
    "why_payer_not_found": "Namba hii haina akaunti huko.",
    "why_payer_unreachable": "Simu haikupatikana.",
    "why_payer_busy": "Ombi lingine lilikuwa wazi kwenye simu hii. Subiri dakika moja.",
    "why_limit_exceeded": "Kiasi kinazidi kinachoruhusiwa kwa akaunti hii.",
    "why_declined": "Malipo yalikataliwa.",
    "why_maintenance": "Huduma inatengenezwa.",
    "why_other": "Haikufanikiwa safari hii.",
    "canceled": "Imeghairiwa",
    "canceled_text": "Hakuna kilicholipwa.",
    "expired": "Ukurasa huu umeisha muda",
    "expired_text": "Hakuna kilicholipwa. Omba {merchant} ukurasa mpya wa malipo.",
    "exhausted": "Huwezi kujaribu tena",
    "exhausted_text": "Hakuna kilicholipwa. Omba {merchant} ukurasa mpya wa malipo.",
    "reversed": "Imerudishwa",
    "reversed_text": "Malipo yako ya {amount} yamerudishwa. Uliza {merchant} kama hukutarajia.",
    "canceling": "Umeomba kughairi. {rail} ikichukua malipo hata hivyo, yatahesabiwa.",
    "questions": "Maswali? {merchant}: {contact}",
    "powered": "Ukurasa wa malipo wa Kauri",
    "receipt_title": "Risiti {number}",
    "refund_title": "Marejesho {number}",
    "r_merchant": "Muuzaji",
    "r_amount": "Kiasi",
    "r_fee": "Ada yako",
    "r_total": "Jumla",
    "r_method": "Imelipwa kwa",
    "r_rail": "Risiti ya {rail}",
    "r_date": "Tarehe",
    "r_reference": "Kumbukumbu",
    "r_contact": "Maswali na malalamiko",
    "r_given": "Imerudishwa",
    "print": "Hifadhi au chapisha ukurasa huu kama uthibitisho wa malipo.",
    "to_payment": "Rudi kwenye malipo",
    "link_open": "Unataka kulipa kiasi gani?",
    "label_amount": "Kiasi kwa {currency}",
    "go": "Endelea",
    "wrong_amount": "Andika kiasi{bounds}.",
    "bounds_both": " kuanzia {least} hadi {most}",
    "bounds_least": " kisichopungua {least}",
    "bounds_most": " kisichozidi {most}",
    "link_over": "Kiungo hiki hakitumiki tena",
    "link_over_text": "Omba kingine kutoka {merchant}.",
    "link_paid": "Kiungo hiki kimelipwa",
    "link_paid_text": "Ni cha malipo moja, na yamefanyika.",
    "gone": "Ukurasa huu haupo",
    "gone_text": "Angalia anwani, au uliza aliyekutumia.",
    "often": "Umejaribu mara nyingi",
    "often_text": "Subiri kidogo, kisha jaribu tena.",
    "prompts": "Namba hii imeombwa mara nyingi dakika hizi. Subiri dakika kumi.",
    "stale": "Kuna kilichobadilika. Tafadhali angalia tena.",
    "broken": "Haikufanikiwa",
    "broken_text": (
        "Hatukuweza kujibu. Hakuna kilichoanzishwa mara mbili: angalia tena baada ya muda."
    ),
    "escrow_title": "Agizo lako kwa {merchant}",
    "escrow_kept": "Kiasi hiki cha malipo yako kimehifadhiwa kwa agizo lako.",
    "escrow_timer": "Tarehe {day} kitaenda kwa {merchant} chenyewe.",
    "escrow_confirm": "Nimepokea nilichoagiza",
    "escrow_confirm_text": "Ikiwa yote ni sawa: {merchant} atapata pesa, na hazitarudishwa.",
    "escrow_wrong": "Kuna tatizo?",
    "escrow_wrong_text": "Pesa zitabaki zilipo hadi watu wawili waamue.",
    "escrow_reason": "Tatizo ni nini",
    "escrow_complain": "Simamisha pesa",
    "escrow_created": "Agizo hili bado halijalipwa",
    "escrow_created_text": "Angalia tena ukishalipa.",
    "escrow_disputed": "Tunajua kuwa kuna tatizo",
    "escrow_disputed_text": "Pesa zitabaki zilipo hadi watu wawili waamue.",
    "escrow_over": "Hakuna tena kilichohifadhiwa kwa agizo hili",
    "escrow_over_text": "Muulize {merchant} ikiwa kuna kinachokosekana.",
}
